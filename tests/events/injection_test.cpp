// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <utility>
#include <vector>

#include "chronotope/core/error.hpp"
#include "chronotope/tests/suites/ranks_in_threads.hpp"
#include "chronotope/tests/suites/run_network.hpp"
#include "chronotope/tests/suites/small_networks.hpp"
#include "chronotope/tests/suites/state_columns.hpp"

// Spikes that are put into an input while a network runs, against the same spikes in its specification.

namespace chronotope::tests {
namespace {

constexpr double kEnd = 60;
constexpr std::uint32_t kChannels = 3;

struct PortSpike {
  double ms = 0;
  std::uint32_t channel = 0;
};

/// A small network that hears a port of three channels, too, whose spikes are listed or none.
std::string with_port(const std::string& rule, const std::string& delay, const std::string& listed) {
  const std::string model = kModels[0];
  return network(model, rule, delay, kInputs[0]) + "input { name: 'port' size: 3 " + listed +
         " }\nprojection { source: 'port' target: 'n' all_to_all {} weight: 60 " + delay + " " + rule +
         " }\n";
}

std::string listed(const std::vector<PortSpike>& spikes) {
  std::string text;
  for (std::uint32_t channel = 0; channel < kChannels; ++channel) {
    text += "spike_times { neuron: " + std::to_string(channel) + " times: [";
    bool is_first = true;
    for (const PortSpike& spike : spikes)
      if (spike.channel == channel) {
        text += (is_first ? "" : ", ") + std::to_string(spike.ms);
        is_first = false;
      }
    text += "] }";
  }
  return text;
}

/// In order of time; with two at once in one channel, in two channels, and two at the first stop.
std::vector<PortSpike> some_spikes() {
  return {{0, 0},  {3, 1},     {3, 1},  {4.5, 0},  {4.5, 2}, {20, 2},
          {20, 1}, {20.25, 0}, {33, 1}, {41.5, 2}, {59, 0}};
}

/// Every third, which a port can have of its own.
std::vector<PortSpike> own_spikes() {
  std::vector<PortSpike> own;
  for (std::size_t k = 0; k < some_spikes().size(); k += 3) own.push_back(some_spikes()[k]);
  return own;
}

/// The others in [begin, end), the last first.
void inject(NetworkRun& run, double begin, double end) {
  const std::vector<PortSpike> spikes = some_spikes();
  for (std::size_t k = spikes.size(); k-- > 0;)
    if (k % 3 != 0 && begin <= spikes[k].ms && spikes[k].ms < end)
      run.engine().inject(1, NeuronId{spikes[k].channel}, stated_time(spikes[k].ms));
}

std::vector<std::vector<double>> all_weights(NetworkRun& run) {
  std::vector<std::vector<double>> all;
  for (std::size_t k = 0; k < run.engine().network().projections.size(); ++k) all.push_back(run.weights(k));
  return all;
}

TEST(Injection, IsASpikeOfTheList) {
  for (const std::string& rule : kRules)
    for (const std::string& delay : kDelays)
      for (const unsigned threads : {1U, 3U}) {
        NetworkRun expected(with_port(rule, delay, listed(some_spikes())));
        expected.until(kEnd);
        NetworkRun silent(with_port(rule, delay, ""));
        silent.until(kEnd);
        NetworkRun run(with_port(rule, delay, listed(own_spikes())), threads);
        inject(run, 0, 20);
        run.until(20);
        inject(run, 20, 40);
        run.until(33);
        inject(run, 40, kEnd);
        run.until(kEnd);
        ASSERT_NE(expected.spikes(), silent.spikes()) << rule;
        EXPECT_EQ(run.spikes(), expected.spikes()) << rule << '\n' << delay;
        EXPECT_EQ(all_weights(run), all_weights(expected)) << rule << '\n' << delay;
        EXPECT_EQ(run.engine().counts().emissions, expected.engine().counts().emissions);
        EXPECT_EQ(run.engine().counts().synaptic_events, expected.engine().counts().synaptic_events);
      }
}

TEST(Injection, WaitsInTheStateOfARun) {
  for (const std::string& rule : kRules)
    for (const std::string& delay : kDelays) {
      NetworkRun whole(with_port(rule, delay, listed(own_spikes())));
      inject(whole, 0, kEnd);
      whole.until(21);
      Columns state;
      whole.engine().save(state);
      const std::size_t before = whole.spikes().size();
      whole.until(kEnd);
      NetworkRun other(with_port(rule, delay, listed(own_spikes())), 2);
      other.engine().load(state);
      other.until(kEnd);
      EXPECT_EQ(other.spikes(), std::vector(whole.spikes().begin() + static_cast<std::ptrdiff_t>(before),
                                            whole.spikes().end()))
          << rule << '\n'
          << delay;
      EXPECT_EQ(all_weights(other), all_weights(whole)) << rule << '\n' << delay;
      EXPECT_EQ(other.engine().counts().emissions, whole.engine().counts().emissions);
    }
}

/// From one process to three ranks, to two, each time with injections that wait.
TEST(Injection, WaitsInTheStateOfRanks) {
  const std::string text = with_port(kRules[1], kDelays[1], "");
  NetworkRun whole(text);
  inject(whole, 0, kEnd);
  whole.until(3);
  Columns state;
  whole.engine().save(state);
  std::vector<RecordedSpike> spikes = whole.spikes();
  for (const auto& [ranks, end] : {std::pair(3U, 20.), std::pair(2U, kEnd)}) {
    const Columns before = std::exchange(state, {});
    on_ranks(ranks, [&, end = end](Exchange& exchange) {
      NetworkRun run(text, 1, Part(exchange));
      Columns own = before;
      run.engine().load(own);
      run.until(end);
      Columns saved;
      run.engine().save(saved);
      const std::uint64_t emissions = run.engine().whole_counts().emissions;
      if (!exchange.is_root()) return;
      state = std::move(saved);
      spikes.insert(spikes.end(), run.spikes().begin(), run.spikes().end());
      if (end == kEnd) {
        EXPECT_EQ(emissions, whole.until(kEnd).engine().counts().emissions);
      }
    });
  }
  EXPECT_EQ(spikes, whole.spikes());
  Columns expected;
  NetworkRun steps(text);
  inject(steps, 0, kEnd);
  for (const double end : {3., 20., kEnd}) {
    expected = {};
    steps.until(end).engine().save(expected);
  }
  EXPECT_EQ(state.columns, expected.columns);
}

/// A state's injection goes on beside an input that is another from now on.
TEST(Injection, StaysWhenItsInputChanges) {
  const std::string& rule = kRules[1];
  NetworkRun run(with_port(rule, kDelays[1], ""));
  inject(run, 0, kEnd);
  run.until(25);
  Columns state;
  run.engine().save(state);
  NetworkRun other(with_port(rule, kDelays[1], "spike_times { neuron: 2 times: [30, 44] }"));
  other.engine().load(state, {{{1}}, {}});
  other.until(kEnd);
  run.engine().inject(1, NeuronId{2}, stated_time(30));
  run.engine().inject(1, NeuronId{2}, stated_time(44));
  const std::size_t before = run.spikes().size();
  run.until(kEnd);
  EXPECT_EQ(other.spikes(),
            std::vector(run.spikes().begin() + static_cast<std::ptrdiff_t>(before), run.spikes().end()));
}

TEST(Injection, OfAChannelThatThereIsNotIsNoState) {
  NetworkRun run(with_port("", kDelays[0], ""));
  run.engine().inject(1, NeuronId{kChannels}, stated_time(50));
  run.until(20);
  Columns state;
  run.engine().save(state);
  NetworkRun other(with_port("", kDelays[0], ""));
  EXPECT_THROW(other.engine().load(state), InputError);
}

TEST(Injection, GoesNowhereWithoutASynapse) {
  const std::string text =
      network(kModels[0], "", kDelays[0], kInputs[0]) + "input { name: 'port' size: 3 }\n";
  NetworkRun expected(text);
  NetworkRun run(text);
  run.engine().inject(1, NeuronId{2}, stated_time(5));
  EXPECT_EQ(run.until(kEnd).spikes(), expected.until(kEnd).spikes());
}

}  // namespace
}  // namespace chronotope::tests
