// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <random>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "chronotope/core/error.hpp"
#include "chronotope/tests/suites/run_network.hpp"
#include "chronotope/tests/suites/run_on_clock.hpp"
#include "chronotope/tests/suites/small_networks.hpp"
#include "chronotope/tests/suites/state_columns.hpp"

// Networks under currents that change, as both engines move them.

namespace chronotope::tests {
namespace {

constexpr double kEnd = 80;

/// A current into all neurons, or those named.
std::string current(const std::string& name, const std::string& times, const std::string& amplitudes,
                    const std::string& neurons = "") {
  return "current { name: '" + name + "' population: 'n' neurons: '" + neurons + "' times: [" + times +
         "] amplitudes: [" + amplitudes + "] }\n";
}

/// The model with another I_e.
std::string with_current(std::string model, const std::string& I_e) {
  const std::size_t at = model.find("I_e: ");
  if (at == std::string::npos) return model.insert(model.find('{') + 1, " I_e: " + I_e);
  return model.replace(at + 5, model.find(' ', at + 5) - at - 5, I_e);
}

double current_of(const std::string& model) {
  const std::size_t at = model.find("I_e: ");
  return at == std::string::npos ? 0 : std::stod(model.substr(at + 5));
}

std::vector<RecordedSpike> spikes_of(const std::string& text, unsigned threads = 1) {
  return NetworkRun(text, threads).until(kEnd).spikes();
}

void expect_near(const std::vector<RecordedSpike>& spikes, const std::vector<RecordedSpike>& others,
                 const std::string& text) {
  ASSERT_EQ(spikes.size(), others.size()) << text;
  for (std::size_t k = 0; k < spikes.size(); ++k) {
    EXPECT_EQ(spikes[k].neuron, others[k].neuron) << text;
    EXPECT_NEAR(spikes[k].time.to_ms(), others[k].time.to_ms(), 1e-9) << text;
  }
}

/// Calls take(model, network without currents) for every model and input, under rules and delays in turn.
template <class Take>
void for_each_network(Take take) {
  std::size_t k = 0;
  for (const std::string& model : kModels)
    for (const std::string& input : kInputs) {
      const std::string& rule = kRules[k % 9];  // not those that run on no clock
      const std::string& delay = kDelays[k++ % kDelays.size()];
      take(model,
           [&rule, &delay, &input](const std::string& with) { return network(with, rule, delay, input); });
    }
}

TEST(StepCurrentNetworks, AStepAtTheBeginIsAConstantCurrent) {
  for_each_network([](const std::string& model, auto text) {
    const double I_e = current_of(model);
    const bool is_random = model.starts_with("escape");  // a change draws anew
    if (is_random) return;
    const std::string stepped = text(model) + current("a", "0", "90");
    expect_near(spikes_of(stepped), spikes_of(text(with_current(model, to_string(I_e + 90)))), stepped);
  });
}

TEST(StepCurrentNetworks, TwoHalvesAreOneStep) {
  for_each_network([](const std::string& model, auto text) {
    EXPECT_EQ(spikes_of(text(model) + current("a", "20, 50", "25, 10") + current("b", "20, 50", "25, 10")),
              spikes_of(text(model) + current("a", "20, 50", "50, 20")))
        << model;
  });
}

/// What changes nothing moves no bit: no change at all, the same amplitude again, one after the end.
TEST(StepCurrentNetworks, WhatChangesNothingIsNothing) {
  for_each_network([](const std::string& model, auto text) {
    const auto plain = spikes_of(text(model));
    EXPECT_EQ(spikes_of(text(model) + current("a", "", "")), plain) << model;
    EXPECT_EQ(spikes_of(text(model) + current("a", "", "", "2-4")), plain) << model;
    EXPECT_EQ(spikes_of(text(model) + current("a", "0, 33.3", "0, 0")), plain) << model;
    EXPECT_EQ(spikes_of(text(model) + current("a", "80", "500")), plain) << model;
    EXPECT_EQ(spikes_of(text(model) + current("a", "20, 30", "60, 60")),
              spikes_of(text(model) + current("a", "20", "60")))
        << model;
  });
}

/// Up and down again at once, by two currents in two orders, and by one that a tick later is gone.
TEST(StepCurrentNetworks, WhatIsSetBackAtOnceIsNothing) {
  for_each_network([](const std::string& model, auto text) {
    const auto plain = spikes_of(text(model));
    EXPECT_EQ(spikes_of(text(model) + current("a", "20", "400") + current("b", "20", "-400")), plain)
        << model;
    if (model.starts_with("escape")) return;
    const std::string blip = text(model) + current("a", "20, 20.000000000001", "400, 0", "0-11");
    expect_near(spikes_of(blip), plain, blip);
  });
}

struct Steps {
  std::vector<double> times;
  std::vector<double> amplitudes;
};

std::string listed(const std::vector<double>& numbers) {
  std::string text;
  for (const double x : numbers) text += (text.empty() ? "" : ", ") + to_string(x);
  return text;
}

/// The model with a current more, in all twelve neurons or in 2 to 5 and 9.
std::string at_level(const std::string& model, double level, bool into_all) {
  const double I_e = current_of(model);
  if (into_all) return with_current(model, to_string(I_e + level));
  std::string list = "I_e { values {";
  for (int n = 0; n < 12; ++n)
    list += " value: " + to_string(I_e + (((n >= 2 && n <= 5) || n == 9) ? level : 0));
  std::string changed = with_current(model, "#");
  return changed.replace(changed.find("I_e: #"), 6, list + " } }");
}

/// Steps as runs that are saved at each change, and gone on with by an engine whose I_e is another constant. Counts the
/// changes under private trains.
template <class Text>
std::vector<RecordedSpike> chain(const std::string& model, Text text, const Steps& steps, bool into_all,
                                 std::size_t& driven) {
  std::vector<RecordedSpike> spikes;
  auto part = std::make_unique<NetworkRun>(text(at_level(model, 0, into_all)));
  for (std::size_t k = 0; k <= steps.times.size(); ++k) {
    part->until(k < steps.times.size() ? steps.times[k] : kEnd);
    spikes.insert(spikes.end(), part->spikes().begin(), part->spikes().end());
    if (k == steps.times.size()) break;
    driven += part->engine().is_driven(0) ? 1 : 0;
    Columns state;
    part->engine().save(state);
    auto next = std::make_unique<NetworkRun>(text(at_level(model, steps.amplitudes[k], into_all)));
    next->engine().load(state, {{}, {part->engine().network().populations[0].get()}});
    part = std::move(next);
  }
  return spikes;
}

/// Steps of all sizes: the short ones carry whoever is far from the threshold beyond it within a slot of private trains.
TEST(StepCurrentNetworks, AreRunsOfConstantCurrents) {
  std::size_t spikes = 0, driven = 0;
  for_each_network([&](const std::string& model, auto text) {
    for (const Steps& steps : {Steps{{7.25, 10, 30, 55.5}, {150, -100, 80, 260}},
                               Steps{{20.3, 20.6, 40.1, 40.15}, {3e4, -2e3, 6e4, 0}}})
      for (const bool into_all : {true, false}) {
        // Those who change draw anew, in a fork all.
        if (!into_all && model.starts_with("escape")) continue;
        const std::string stepped = text(model) + current("a", listed(steps.times), listed(steps.amplitudes),
                                                          into_all ? "" : "2-5, 9");
        const auto whole = spikes_of(stepped);
        expect_near(whole, chain(model, text, steps, into_all, driven), stepped);
        spikes += whole.size();
      }
  });
  EXPECT_GT(spikes, 4000u);
  EXPECT_GT(driven, 20u);
}

const std::string kSteps = current("a", "10, 30, 30.5, 62", "150, -100, 80, 0") +
                           current("b", "10, 41", "-70, 60", "2-5,9") + current("c", "0", "40", "9-11");

TEST(StepCurrentNetworks, HaveTheSameBitsOnAnyNumberOfThreads) {
  for_each_network([](const std::string& model, auto text) {
    const auto one = spikes_of(text(model) + kSteps);
    for (const unsigned threads : {2u, 3u, 5u})
      EXPECT_EQ(spikes_of(text(model) + kSteps, threads), one) << model;
  });
}

/// Stopped anywhere, at changes, too, and taken up on another number of threads.
TEST(StepCurrentNetworks, GoOnToTheBit) {
  std::mt19937 random(4);
  std::uniform_real_distribution<double> time(1, 79);
  for_each_network([&](const std::string& model, auto text) {
    const std::string stepped = text(model) + kSteps;
    std::vector<double> stops{time(random), 10, time(random), 30, 41, 62};
    std::sort(stops.begin(), stops.end());
    NetworkRun whole(stepped);
    std::vector<RecordedSpike> pieces;
    Columns state, end;
    for (std::size_t k = 0; k <= stops.size(); ++k) {
      const double stop = k < stops.size() ? stops[k] : kEnd;
      NetworkRun part(stepped, 1 + k % 3);
      if (k > 0) part.engine().load(state);
      part.until(stop);
      pieces.insert(pieces.end(), part.spikes().begin(), part.spikes().end());
      state = {};
      part.engine().save(state);
      end = {};
      whole.until(stop).engine().save(end);
    }
    EXPECT_EQ(pieces, whole.spikes()) << stepped;
    EXPECT_EQ(state.columns, end.columns) << stepped;
  });
}

/// A clock's spikes come nearer the shorter its steps are, by its first order.
TEST(StepCurrentNetworks, AreWhatAClockComesNearTo) {
  const std::string steps = current("a", "10.03, 40.51", "60, -30") + current("b", "20.2", "50", "0");
  for (const std::string& model : kModels) {
    if (model.starts_with("escape")) continue;  // it fires at random
    // Alone, and no more often than a step tells apart.
    const std::string text = "seed: 5 population { name: 'n' size: 12 " + model + " }\n" +
                             current("up", "5.1", model.starts_with("delta") ? "250" : "100") + steps;
    const auto exact = spikes_of(text);
    ASSERT_FALSE(exact.empty()) << text;
    const auto error = [&](const events::ClockOptions& options) {
      const auto on_clock = ClockRun(text, options).until(kEnd + 1).spikes();
      double largest = 0;
      for (std::uint32_t n = 0; n < 12; ++n) {
        std::vector<double> a, b;
        for (const auto& s : exact)
          if (s.neuron == n) a.push_back(s.time.to_ms());
        for (const auto& s : on_clock)
          if (s.neuron == n) b.push_back(s.time.to_ms());
        EXPECT_GE(b.size(), a.size()) << text;
        for (std::size_t k = 0; k < std::min(a.size(), b.size()); ++k)
          largest = std::max(largest, std::abs(a[k] - b[k]));
      }
      return largest;
    };
    using events::GridConvention;
    using events::Integrator;
    using events::Interpolation;
    for (const GridConvention grid : {GridConvention::kNest, GridConvention::kBrian2}) {
      const double coarse = error({0.1, Integrator::kExact, Interpolation::kNone, grid});
      const double fine = error({0.005, Integrator::kExact, Interpolation::kNone, grid});
      EXPECT_LT(fine, coarse / 6) << text;
      EXPECT_LT(fine, 0.2) << text;
    }
    EXPECT_LT(error({0.005, Integrator::kExact, Interpolation::kCubic}), 0.05) << text;
  }
}

/// Changes at steps of the grid are where an interpolating clock has them, too.
TEST(StepCurrentNetworks, AreWhereAnInterpolatingClockHasThem) {
  const std::string text =
      "population { name: 'n' size: 1 exp_psc_lif { I_e: 220 } }\n" + current("a", "10, 40.5", "130, 40");
  const auto exact = NetworkRun(text).until(kEnd).times(0, 0);
  const auto on_clock = ClockRun(text, {0.1, events::Integrator::kExact, events::Interpolation::kCubic})
                            .until(kEnd)
                            .times(0, 0);
  ASSERT_EQ(exact.size(), on_clock.size());
  ASSERT_GT(exact.size(), 2u);
  for (std::size_t k = 0; k < exact.size(); ++k) EXPECT_NEAR(exact[k], on_clock[k], 1e-7);
}

/// On NEST's grid a change is in the step that begins at it or after it, on Brian2's in the one it lies in: V tells.
TEST(StepCurrentNetworks, ChangeAtAStepOfTheGrid) {
  const auto potential = [](const std::string& time, const events::ClockOptions& options, double until) {
    const std::string text = "population { name: 'n' size: 1 linear_leak_lif { leak: 0 C_m: 250 } }\n" +
                             current("a", time, "250");  // 1 mV/ms
    return ClockRun(text, options).until(until).engine().potential(0, NeuronId{0});
  };
  using events::GridConvention;
  using events::Integrator;
  using events::Interpolation;
  for (const auto& [time, nest, brian2, nearest] : {std::tuple("1", 1.0, 1.0, 1.0),
                                                    {"1.2", 1.5, 1.0, 1.0},
                                                    {"1.3", 1.5, 1.0, 1.5},
                                                    {"1.5", 1.5, 1.5, 1.5}}) {
    EXPECT_NEAR(potential(time, {0.5}, 5), -70 + 5 - nest, 1e-12);
    EXPECT_NEAR(potential(time, {0.5, Integrator::kExact, Interpolation::kNone, GridConvention::kBrian2}, 5),
                -70 + 5 - brian2, 1e-12);
    EXPECT_NEAR(potential(time, {0.5, Integrator::kExact, Interpolation::kCubic}, 5), -70 + 5 - nearest,
                1e-12);
  }
}

/// 1 mV/ms from -70 mV, threshold -55 mV: all in decimals.
std::vector<double> leakless(const std::string& steps, const std::string& more = "") {
  return NetworkRun("population { name: 'n' size: 1 linear_leak_lif { leak: 0 C_m: 250 I_e: 250 } }\n" +
                    steps + more)
      .until(kEnd)
      .times(0, 0);
}

using Times = std::vector<double>;

TEST(StepCurrentNetworks, AtASpikeDoNotTakeItBack) {
  EXPECT_EQ(leakless(current("a", "15", "-250")), (Times{15}));
  EXPECT_EQ(leakless(current("a", "15", "-500")), (Times{15}));
  EXPECT_EQ(leakless(current("a", "32", "-250")), (Times{15, 32}));
  EXPECT_EQ(leakless(current("a", "14.999999999999", "-250")), (Times{}));
  // An inhibition that arrives at that time is too late, too.
  const std::string arrival =
      "input { name: 'x' size: 1 spike_times { times: 14 } } projection { source: 'x' target: 'n' all_to_all {} "
      "weight: -3 delay: 1 }";
  EXPECT_EQ(leakless(current("a", "15", "-250"), arrival), (Times{15}));
}

TEST(StepCurrentNetworks, InARefractoryPeriodCountFromItsEnd) {
  for (const char* change : {"15.5", "16", "17"})
    EXPECT_EQ(leakless(current("a", std::string(change) + ", 27", "250, -250")), (Times{15, 24.5})) << change;
}

TEST(StepCurrentNetworks, AtAnArrivalBothCount) {
  const auto arrival = [](const std::string& weight) {
    return "input { name: 'x' size: 1 spike_times { times: 9 } } projection { source: 'x' target: 'n' all_to_all "
           "{} delay: 1 weight: " +
           weight + " }";
  };
  EXPECT_EQ(leakless(current("a", "10, 12", "250, -250"), arrival("5")), (Times{10}));
  EXPECT_EQ(leakless(current("a", "10, 12", "250, -250"), arrival("4")), (Times{10.5}));
  EXPECT_EQ(leakless(current("a", "0, 9", "250, -250")), (Times{7.5}));
}

/// Everything that happens changes a current to the bit at its time, whatever windows there are: a network that is
/// busy all the time, and one that is silent for long.
TEST(StepCurrentNetworks, AfterALongSilenceAreExact) {
  const std::string text = "population { name: 'n' size: 3 exp_psc_lif { } }\n" +
                           current("a", "123456.75, 123500", "400, 0") + current("b", "9e5", "400", "1");
  NetworkRun run(text);
  run.until(1e6);
  const double first = 20 * std::log(32.0 / (32.0 - 15.0));
  ASSERT_GT(run.times(0, 1).size(), 3u);
  EXPECT_NEAR(run.times(0, 0)[0], 123456.75 + first, 1e-9);
  EXPECT_EQ(run.times(0, 0).size(), run.times(0, 2).size());
  const auto last = run.times(0, 1);
  const auto again = std::find_if(last.begin(), last.end(), [](double t) { return t > 2e5; });
  ASSERT_NE(again, last.end());
  EXPECT_NEAR(*again, 9e5 + first, 1e-9);
}

TEST(StepCurrentNetworks, RefuseModelsWithoutOneAndSumsBeyondTheRange) {
  const auto refusal = [](const std::string& text) {
    try {
      NetworkRun run(text);
    } catch (const InputError& error) {
      return std::string(error.what());
    }
    return std::string("none");
  };
  EXPECT_NE(refusal("population { name: 'n' size: 1 izhikevich { } }\n" + current("a", "1", "5"))
                .find("current a.population: 'n' is not allowed (izhikevich has no current in pA"),
            std::string::npos);
  const std::string lif = "population { name: 'n' size: 3 exp_psc_lif { I_e: [0, 6e8, 0] } }\n";
  EXPECT_NE(
      refusal(lif + current("a", "1", "5e8"))
          .find("current a.amplitudes: 1.1e+09 is not allowed (the sum of I_e and all currents into neuron 1 "
                "must be from -1e9 to 1e9 pA)"),
      std::string::npos)
      << refusal(lif + current("a", "1", "5e8"));
  EXPECT_EQ(refusal(lif + current("a", "1", "5e8", "0,2")), "none");
  EXPECT_EQ(refusal(lif + current("a", "1", "9e8", "0") + current("b", "1", "-9e8", "0")), "none");
  EXPECT_NE(refusal(lif + current("a", "1", "9e8", "0") + current("b", "2", "9e8", "0")), "none");
}

}  // namespace
}  // namespace chronotope::tests
