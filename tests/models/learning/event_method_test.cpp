// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/learning/event_method.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <map>
#include <optional>
#include <thread>

#include "chronotope/core/random_stream.hpp"
#include "chronotope/tests/models/learning/surrogate_case.hpp"

namespace chronotope {
namespace {

using models::EventLogits;
using models::EventMethod;
using models::EventMethodOptions;
using models::Item;
using models::NetworkParameters;
using models::TrainedNetwork;

/// A recurrent network with items, delays from neurons of 0.3 ms and more.
struct Setting {
  TrainedNetwork network;
  std::vector<Item> all;
  EventMethodOptions options;

  Setting(std::uint64_t seed, EventLogits logits) {
    const auto net = random_case(
        seed, {8, 4, 6, 40, 0.4, 3, 10, logits == EventLogits::kFirstSpikes ? "first_spike" : "max"});
    network = trained_network(net);
    all = items(net);
    for (std::size_t k = 0; k < network.source.size(); ++k)
      if (!network.from_channel(k)) network.parameters.delay[k] += 0.3;
    options.logits = logits;
    for (const std::size_t n : net.outputs) options.outputs.push_back(static_cast<std::uint32_t>(n));
    options.slope_floor = 0;
    options.constants = true;
  }
};

/// Loss and counts of spikes, whose change would make the loss jump.
struct Observed {
  double loss = 0;
  std::vector<std::uint32_t> counts;
};
Observed observe(const Setting& setting, const TrainedNetwork& network) {
  EventMethod method(network, setting.options);
  const auto batch = pointers(setting.all);
  const models::BatchResult result = method.evaluate(network, batch);
  return {result.loss, {result.spikes.begin(), result.spikes.end()}};
}

/// (L(+h) - L(-h))/(2 h) with Richardson's step; nothing where counts change or the loss is too curved.
std::optional<double> difference(const Setting& setting, const std::vector<std::uint32_t>& counts,
                                 const std::function<double&(NetworkParameters&)>& number, double scale) {
  double quotient[3]{};
  double h = 1e-4 * scale;
  for (double& q : quotient) {
    double loss[2]{};
    for (const int sign : {0, 1}) {
      TrainedNetwork moved = setting.network;
      number(moved.parameters) += sign == 0 ? -h : h;
      const Observed there = observe(setting, moved);
      if (there.counts != counts) return {};
      loss[sign] = there.loss;
    }
    q = (loss[1] - loss[0]) / (2 * h);
    h /= 2;
  }
  const double wide = (4 * quotient[1] - quotient[0]) / 3, narrow = (4 * quotient[2] - quotient[1]) / 3;
  if (std::abs(wide - narrow) > 1e-6 * std::abs(narrow)) return {};
  return narrow;
}

using Column = std::vector<double> NetworkParameters::*;
constexpr std::pair<Column, double> kColumns[] = {
    {&NetworkParameters::weight, 300}, {&NetworkParameters::delay, 1}, {&NetworkParameters::tau_m, 10},
    {&NetworkParameters::C_m, 100},    {&NetworkParameters::E_L, 10},  {&NetworkParameters::V_th, 10},
    {&NetworkParameters::V_reset, 10}, {&NetworkParameters::I_e, 100}, {&NetworkParameters::V_m, 10},
    {&NetworkParameters::tau_syn, 10}, {&NetworkParameters::W_o, 1}};

class EventMethodOf : public testing::TestWithParam<EventLogits> {};

TEST_P(EventMethodOf, HasTheGradientsOfCentralDifferences) {
  std::size_t compared = 0, skipped = 0;
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    const Setting setting(seed, GetParam());
    EventMethod method(setting.network, setting.options);
    NetworkParameters gradient = setting.network.parameters.zeros();
    method.learn(setting.network, pointers(setting.all), gradient);
    const std::vector<std::uint32_t> counts = observe(setting, setting.network).counts;
    for (const auto& [column, scale] : kColumns) {
      double largest = 0;
      for (const double g : gradient.*column) largest = std::max(largest, std::abs(g));
      for (std::size_t k = 0; k < (gradient.*column).size(); k += 3) {
        const auto truth = difference(
            setting, counts, [&](NetworkParameters& p) -> double& { return (p.*column)[k]; }, scale);
        ++(truth ? compared : skipped);
        if (truth) {
          EXPECT_NEAR((gradient.*column)[k], *truth, 1e-6 * largest + 1e-9) << seed << " " << k;
        }
      }
    }
  }
  EXPECT_GT(compared, 150u);
  EXPECT_GT(compared, 3 * skipped);
}

INSTANTIATE_TEST_SUITE_P(Logits, EventMethodOf,
                         testing::Values(EventLogits::kFirstSpikes, EventLogits::kMaximum,
                                         EventLogits::kIntegral));

models::Workers threads(unsigned size) {
  return {size, [size](const models::Workers::Work& work) {
            std::vector<std::jthread> others;
            for (unsigned k = 1; k < size; ++k) others.emplace_back(work, k);
            work(0);
          }};
}

TEST(EventMethod, HasTheSameBitsForAnyNumberOfThreadsAndWhateverWasDoneBefore) {
  const Setting setting(7, EventLogits::kMaximum);
  const auto batch = pointers(setting.all);
  NetworkParameters once = setting.network.parameters.zeros(), again = once;
  EventMethod method(setting.network, setting.options);
  const double loss = method.learn(setting.network, batch, once).loss;
  for (const unsigned size : {1u, 2u, 4u}) {
    EventMethod other(setting.network, setting.options, threads(size));
    other.learn(setting.network, std::vector{batch[3], batch[1]}, again);
    EXPECT_EQ(other.learn(setting.network, batch, again).loss, loss);
    EXPECT_EQ(named(again, setting.network.neurons), named(once, setting.network.neurons));
    EXPECT_EQ(again.delay, once.delay);
  }
}

/// One channel onto a neuron that it can not make fire, and onto two outputs of which one fires.
Setting silent_setting() {
  Setting setting(1, EventLogits::kFirstSpikes);
  TrainedNetwork& n = setting.network;
  n = {3, 1, 1, {3, 3, 3}, {0, 1, 2}, {0, 0, 0}, {}};
  NetworkParameters& p = n.parameters;
  p.weight = {10, 2000, 10};
  p.delay = {1, 1, 1};
  p.tau_m.assign(3, 20);
  p.C_m.assign(3, 250);
  p.E_L = p.V_reset = p.V_m = std::vector<double>(3, -70);
  p.V_th.assign(3, -55);
  p.t_ref.assign(3, 0);
  p.I_e.assign(3, 0);
  p.tau_syn.assign(3, 5);
  setting.all.assign(4, Item{{{Time(), 0}}, Duration::nearest(50), 0});
  setting.all[3].label = 1;
  setting.options.outputs = {1, 2};
  return setting;
}

TEST(EventMethod, PushesWeightsOntoSilentNeuronsByTheirShare) {
  Setting setting = silent_setting();
  setting.options.push.moves = {true, true, true};
  EventMethod method(setting.network, setting.options);
  NetworkParameters gradient = setting.network.parameters.zeros();
  const auto result = method.learn(setting.network, pointers(setting.all), gradient);
  EXPECT_EQ(result.counters.silent_outputs, 1u);
  TrainedNetwork pushed = setting.network;
  EXPECT_EQ(method.push(pushed), 2u);
  const double unit = 15 / 0.08;  // 15 mV over 0.08 mV/pA
  EXPECT_NEAR(pushed.parameters.weight[0], 10 + 0.02 * 0.4 * unit, 1e-12);
  EXPECT_EQ(pushed.parameters.weight[1], 2000);
  EXPECT_NEAR(pushed.parameters.weight[2], 10 + 0.05 * 0.25 * unit, 1e-12);
}

TEST(EventMethod, PushesNoWeightThatMayNotMove) {
  Setting setting = silent_setting();
  setting.options.push.moves = {false, true, true};
  EventMethod method(setting.network, setting.options);
  NetworkParameters gradient = setting.network.parameters.zeros();
  method.learn(setting.network, pointers(setting.all), gradient);
  TrainedNetwork pushed = setting.network;
  EXPECT_EQ(method.push(pushed), 1u);
  EXPECT_EQ(pushed.parameters.weight[0], 10);
}

TEST(EventMethod, PushesTheReadOutThatNeverRises) {
  Setting setting = silent_setting();
  setting.options.outputs.clear();
  setting.options.logits = EventLogits::kMaximum;
  setting.network.parameters.W_o = {-1, -1, -1, 1, 1, 1};
  EventMethod method(setting.network, setting.options);
  NetworkParameters gradient = setting.network.parameters.zeros();
  const auto result = method.learn(setting.network, pointers(setting.all), gradient);
  EXPECT_EQ(result.counters.silent_outputs, 3u);
  TrainedNetwork pushed = setting.network;
  method.push(pushed);
  for (const int n : {0, 1, 2}) {
    EXPECT_NEAR(pushed.parameters.W_o[n], -1 + 0.05 * 0.75, 1e-12);
    EXPECT_EQ(pushed.parameters.W_o[3 + n], 1);
  }
}

TEST(EventMethod, HoldsBackNeuronsThatFireTooOften) {
  Setting setting = silent_setting();
  setting.all.assign(1, Item{{{Time(), 0}, {Time() + Duration::nearest(20), 0}}, Duration::nearest(50), 0});
  setting.options.outputs = {1, 2};
  EventMethod plain(setting.network, setting.options);
  NetworkParameters without = setting.network.parameters.zeros(), with = without;
  const auto before = plain.learn(setting.network, pointers(setting.all), without);
  const double count = before.spikes[1], loss = before.loss;
  ASSERT_GE(count, 2);
  setting.options.c1 = 0.5;
  setting.options.n_hi = 1;
  EventMethod held(setting.network, setting.options);
  const auto after = held.learn(setting.network, pointers(setting.all), with);
  EXPECT_NEAR(after.loss - loss, 0.5 * (count - 1) * (count - 1) / 3, 1e-12);
  EXPECT_GT(with.weight[1], without.weight[1]);
  EXPECT_EQ(with.weight[0], without.weight[0]);
}

}  // namespace
}  // namespace chronotope
