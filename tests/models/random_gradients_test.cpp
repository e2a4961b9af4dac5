// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "chronotope/tests/models/gradient_case.hpp"
#include "chronotope/tests/models/single_neuron.hpp"

namespace chronotope::tests {
namespace {

using models::EventNeuron;
using models::EventRecord;
using models::NeuronGradient;

/// Three channels onto two to five neurons that project to each other, both signs, all constants drawn, and
/// two read-outs without a threshold.
GradientCase random_case(std::uint64_t number) {
  CaseDraw draw("random_gradients", number);
  GradientCase c;
  c.end = ticks(60);
  c.network.channels = 3;
  const auto size = static_cast<std::uint32_t>(draw.between(2, 6));
  for (std::uint32_t n = 0; n < size + 2; ++n) {
    EventNeuron neuron;
    neuron.tau_m = draw.between(5, 30);
    neuron.C_m = draw.between(100, 300);
    neuron.E_L = draw.between(-72, -68);
    neuron.V_th = n >= size ? 1e9 : draw.between(-57, -53);
    neuron.V_reset = draw.between(-73, -67);
    neuron.I_e = draw.between(0, 100);
    neuron.V_m = draw.between(-72, -62);
    neuron.t_ref = draw.chance(0.3) ? Offset{} : ticks(draw.between(0.2, 4));
    const double tau_syn_ex = draw.chance(0.2) ? neuron.tau_m : draw.between(1, 15);
    const double tau_syn_in = draw.chance(0.2) ? tau_syn_ex : draw.between(1, 15);
    c.network.add(neuron, std::vector{tau_syn_ex, tau_syn_in});
  }
  std::vector<GradientCase::Listed> synapses;
  for (std::uint32_t source = 0; source < 3 + size; ++source)
    for (std::uint32_t target = 0; target < size + 2; ++target) {
      if (!draw.chance(source < 3 ? 0.9 : 0.6)) continue;
      const bool inhibits = draw.chance(0.25);
      const double weight = (inhibits ? -1 : 1) * draw.between(150, source < 3 ? 900 : 400);
      synapses.push_back({source, {target, inhibits ? 1u : 0u, weight, ticks(draw.between(0.5, 5))}});
    }
  c.wire(synapses);
  for (std::uint32_t channel = 0; channel < 3; ++channel)
    for (int k = 0; k < 5; ++k) c.inputs.push_back({channel, ticks(draw.between(0.5, 50))});
  return c;
}

/// Every spike has a target beside it; the read-out's mean and highest potential count, too.
void choose_losses(GradientCase& c, const EventRecord& record, std::uint64_t number) {
  CaseDraw draw("random_losses", number);
  models::SpikeTimesSquared squared;
  const auto second_read_out = static_cast<std::uint32_t>(record.neurons.size() - 1);
  const std::uint32_t read_out = second_read_out - 1;
  for (std::uint32_t n = 0; n < read_out; ++n)
    for (std::uint32_t k = 0; k < record.neurons[n].spikes.size(); ++k)
      squared.terms.push_back(
          {n, k, record.spikes[record.neurons[n].spikes[k]].time.ms() + draw.between(-1, 1)});
  c.losses = {squared, models::MembraneIntegralLinear{{0, read_out}, {0.01, -0.02}},
              models::TtfsCrossEntropy{{0, 1}, 1, 5, 0.1, 20},
              models::MembraneMaxCrossEntropy{{read_out, second_read_out}, 0, 0.5}};
}

/// What happens to every neuron, in order: a derivative is one of both sides only where this does not change.
std::string course(const EventRecord& record) {
  std::string text;
  for (const models::NeuronRecord& neuron : record.neurons) {
    for (const models::NeuronEvent& event : neuron.events)
      text += static_cast<char>('a' + static_cast<int>(event.kind));
    text += '\n';
  }
  return text;
}

/// One parameter of a case: its scale [its unit] and how to change it.
struct Handle {
  std::string kind;
  double scale;
  std::function<void(GradientCase&, double)> change;
  std::function<double(const GradientCase&, const models::EventGradient&)> derivative;
};

void add_neuron_handles(std::vector<Handle>& handles, std::uint32_t n) {
  using Member = std::pair<double EventNeuron::*, double NeuronGradient::*>;
  const std::vector<std::pair<std::string, Member>> members{
      {"tau_m", {&EventNeuron::tau_m, &NeuronGradient::tau_m}},
      {"C_m", {&EventNeuron::C_m, &NeuronGradient::C_m}},
      {"E_L", {&EventNeuron::E_L, &NeuronGradient::E_L}},
      {"V_th", {&EventNeuron::V_th, &NeuronGradient::V_th}},
      {"V_reset", {&EventNeuron::V_reset, &NeuronGradient::V_reset}},
      {"I_e", {&EventNeuron::I_e, &NeuronGradient::I_e}},
      {"V_m", {&EventNeuron::V_m, &NeuronGradient::V_m}}};
  for (const auto& [kind, member] : members) {
    const auto [value, derivative] = member;
    handles.push_back({kind, kind == "C_m" || kind == "I_e" ? 100.0 : 10.0,
                       [n, value = value](GradientCase& c, double by) { c.network.neurons[n].*value += by; },
                       [n, derivative = derivative](const GradientCase&, const models::EventGradient& g) {
                         return g.neuron[n].*derivative;
                       }});
  }
  handles.push_back({"tau_m_fixed_R", 10,
                     [n](GradientCase& c, double by) {
                       EventNeuron& neuron = c.network.neurons[n];
                       neuron.C_m *= 1 + by / neuron.tau_m;
                       neuron.tau_m += by;
                     },
                     [n](const GradientCase& c, const models::EventGradient& g) {
                       return g.neuron[n].tau_m_fixed_R(c.network.neurons[n]);
                     }});
  handles.push_back({"t_ref", 1,
                     [n](GradientCase& c, double by) {
                       if (c.network.neurons[n].t_ref > Offset{})
                         c.network.neurons[n].t_ref.ticks += ticks(by).ticks;
                     },
                     [n](const GradientCase& c, const models::EventGradient& g) {
                       return c.network.neurons[n].t_ref > Offset{} ? g.neuron[n].t_ref : 0;
                     }});
  for (std::uint32_t s = 0; s < 2; ++s)
    handles.push_back(
        {s == 0 ? "tau_syn_ex" : "tau_syn_in", 10,
         [=](GradientCase& c, double by) { c.network.tau_syn[2 * n + s] += by; },
         [=](const GradientCase&, const models::EventGradient& g) { return g.tau_syn[2 * n + s]; }});
}

std::vector<Handle> handles_of(const GradientCase& c) {
  std::vector<Handle> handles;
  for (std::size_t k = 0; k < c.network.synapses.size(); k += 5) {
    handles.push_back({"weight", 300, [k](GradientCase& d, double by) { d.network.synapses[k].weight += by; },
                       [k](const GradientCase&, const models::EventGradient& g) { return g.weight[k]; }});
    handles.push_back(
        {"delay", 1,
         [k](GradientCase& d, double by) { d.network.synapses[k].delay.ticks += ticks(by).ticks; },
         [k](const GradientCase&, const models::EventGradient& g) { return g.delay[k]; }});
  }
  for (std::size_t k = 0; k < c.inputs.size(); k += 5)
    handles.push_back({"input_time", 1,
                       [k](GradientCase& d, double by) { d.inputs[k].time.ticks += ticks(by).ticks; },
                       [k](const GradientCase&, const models::EventGradient& g) { return g.input_time[k]; }});
  for (std::uint32_t n = 0; n < c.network.neurons.size(); n += 2) add_neuron_handles(handles, n);
  return handles;
}

/// (L(+h) - L(-h))/(2 h) with Richardson's steps, of the engine's own runs; nothing if the course of events
/// changes, or if the loss is so curved that the two extrapolations differ by more than 1e-6.
std::optional<double> difference(const GradientCase& c, const Handle& handle, const std::string& course_now) {
  std::array<double, 3> quotient{};
  double h = 2e-4 * handle.scale;
  for (double& q : quotient) {
    std::array<double, 2> loss{};
    for (const int sign : {0, 1}) {
      GradientCase moved = c;
      handle.change(moved, sign == 0 ? -h : h);
      EventRecord record = engine_record(moved);
      if (course(record) != course_now) return {};
      loss[static_cast<std::size_t>(sign)] = loss_on(moved, record);
    }
    q = (loss[1] - loss[0]) / (2 * h);
    h /= 2;
  }
  const double wide = (4 * quotient[1] - quotient[0]) / 3, narrow = (4 * quotient[2] - quotient[1]) / 3;
  if (std::abs(wide - narrow) > 1e-6 * std::abs(narrow)) return {};
  return narrow;
}

class RandomGradients : public testing::TestWithParam<std::uint64_t> {};

TEST_P(RandomGradients, AreCentralDifferencesOfTheEnginesRuns) {
  std::size_t compared = 0, skipped = 0;
  for (std::uint64_t number = GetParam() * 25; number < (GetParam() + 1) * 25; ++number) {
    SCOPED_TRACE("case " + std::to_string(number));
    GradientCase c = random_case(number);
    const EventRecord plain = engine_record(c);
    const std::string course_now = course(plain);
    choose_losses(c, plain, number);
    const GradientResult result = gradient_of_engine(c);
    std::map<std::string, double> largest;
    const std::vector<Handle> handles = handles_of(c);
    for (const Handle& handle : handles)
      largest[handle.kind] = std::max(largest[handle.kind], std::abs(handle.derivative(c, result.gradient)));
    for (const Handle& handle : handles) {
      const std::optional<double> truth = difference(c, handle, course_now);
      ++(truth ? compared : skipped);
      if (truth) {
        EXPECT_NEAR(handle.derivative(c, result.gradient), *truth, 1e-6 * largest[handle.kind] + 1e-8)
            << handle.kind;
      }
    }
  }
  RecordProperty("compared", static_cast<int>(compared));
  RecordProperty("skipped", static_cast<int>(skipped));
  EXPECT_GT(compared, 6 * skipped);
  EXPECT_GT(compared, 800u);
}

/// The pass that training uses finds the engine's spikes.
TEST_P(RandomGradients, SpikesOfThePassAreTheEngines) {
  std::size_t compared = 0;
  for (std::uint64_t number = GetParam() * 100; number < (GetParam() + 1) * 100; ++number) {
    SCOPED_TRACE("case " + std::to_string(number));
    const GradientCase c = random_case(number);
    const EventRecord engine = engine_record(c);
    EventRecord own;
    models::EventPass(c.network).run(c.network, c.inputs, c.end, own);
    for (std::uint32_t n = 0; n < c.network.neurons.size(); ++n) {
      ASSERT_EQ(own.neurons[n].spikes.size(), engine.neurons[n].spikes.size()) << n;
      for (std::size_t k = 0; k < own.neurons[n].spikes.size(); ++k, ++compared)
        EXPECT_NEAR(own.spikes[own.neurons[n].spikes[k]].time.ms(),
                    engine.spikes[engine.neurons[n].spikes[k]].time.ms(), 1e-9);
    }
  }
  EXPECT_GT(compared, 1000u);
}

INSTANTIATE_TEST_SUITE_P(Shard, RandomGradients, testing::Range(std::uint64_t{0}, std::uint64_t{4}));

}  // namespace
}  // namespace chronotope::tests
