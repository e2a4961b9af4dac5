// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/state.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "chronotope/tests/suites/run_network.hpp"
#include "chronotope/tests/suites/small_networks.hpp"
#include "chronotope/tests/suites/state_columns.hpp"

namespace chronotope::tests {
namespace {

std::vector<double> weights(NetworkRun& run) {
  std::vector<double> all;
  for (const auto& projection : run.engine().network().projections)
    for (const double w : weights_of(*projection)) all.push_back(w);
  return all;
}

/// A run that is stopped, saved and taken up by another engine on another number of threads ends like one
/// that was not, and so does its state.
void expect_same_end(const std::string& text, const std::vector<double>& stops, unsigned threads) {
  constexpr double kEnd = 80;
  NetworkRun whole(text);
  Columns whole_end;
  for (const double stop : stops) {
    whole.until(stop);
    Columns ignored;
    whole.engine().save(ignored);
  }
  whole.until(kEnd).engine().save(whole_end);
  ASSERT_FALSE(whole.spikes().empty()) << text;

  Columns state;
  std::vector<RecordedSpike> spikes;
  for (std::size_t k = 0; k <= stops.size(); ++k) {
    NetworkRun part(text, k % 2 == 0 ? 1 : threads);
    if (k > 0) part.engine().load(state);
    part.until(k < stops.size() ? stops[k] : kEnd);
    spikes.insert(spikes.end(), part.spikes().begin(), part.spikes().end());
    state = {};
    part.engine().save(state);
    if (k == stops.size()) {
      EXPECT_EQ(weights(part), weights(whole)) << text;
    }
  }
  EXPECT_EQ(spikes, whole.spikes()) << text;
  ASSERT_EQ(state.columns.size(), whole_end.columns.size());
  for (std::size_t k = 0; k < state.columns.size(); ++k)
    EXPECT_EQ(state.columns[k], whole_end.columns[k]) << state.columns[k].first << '\n' << text;
}

TEST(State, EveryModelGoesOnToTheBit) {
  std::mt19937 random(1);
  std::uniform_real_distribution<double> time(1, 79);
  for (const std::string& model : kModels)
    for (const std::string& delay : kDelays)
      for (const std::string& input : kInputs) {
        std::vector<double> stops{time(random), time(random), 9, 61};
        std::sort(stops.begin(), stops.end());
        expect_same_end(network(model, kRules[random() % kRules.size()], delay, input), stops, 3);
      }
}

TEST(State, EveryRuleGoesOnToTheBit) {
  std::mt19937 random(2);
  std::uniform_real_distribution<double> time(1, 79);
  for (const std::string& rule : kRules)
    for (const std::string& delay : kDelays)
      for (int k = 0; k < 4; ++k) {
        std::vector<double> stops{time(random), time(random), time(random)};
        std::sort(stops.begin(), stops.end());
        expect_same_end(network(kModels[random() % 4], rule, delay, kInputs[random() % kInputs.size()]),
                        stops, 2);
      }
}

/// Changes something somewhere in a state.
void mutate(Columns& state, std::mt19937& random) {
  std::string& bytes = state.columns[random() % state.columns.size()].second;
  const auto put = [&](auto value) {
    if (bytes.size() < sizeof value) return;
    const std::size_t at = random() % (bytes.size() - sizeof value + 1);
    std::memcpy(bytes.data() + (random() % 2 == 0 ? at : at / 8 * 8), &value, sizeof value);
  };
  const std::vector<std::uint64_t> kWhole{
      0, 1, 2, 255, 3072, 1U << 31, ~std::uint64_t{0}, std::uint64_t{1} << 62, random()};
  const std::vector<double> kNumbers{0,   -1,    3,     1e300,  -1e300,   1e15,      -1e15,
                                     1e9, -1e30, 1e150, 1e-310, HUGE_VAL, -HUGE_VAL, std::nan("")};
  switch (random() % 6) {
    case 0:
      if (!bytes.empty()) bytes[random() % bytes.size()] ^= static_cast<char>(1U << random() % 8);
      return;
    case 1:
      return put(kWhole[random() % kWhole.size()]);
    case 2:
      return put(static_cast<std::uint32_t>(kWhole[random() % kWhole.size()]));
    case 3:
    case 4:
      return put(kNumbers[random() % kNumbers.size()]);
    default:
      bytes.resize(random() % (bytes.size() + 64), static_cast<char>(random()));
  }
}

void expect_finite(NetworkRun& run) {
  for (const double w : weights(run)) EXPECT_TRUE(std::isfinite(w));
  for (const double V : run.engine().potentials(0)) EXPECT_TRUE(std::isfinite(V));
}

/// With right checksums and wrong content: refused in a line, or a run that goes on to its end and says what
/// can be. Best under the sanitizers. CHRONOTOPE_MUTATIONS sets how many (CONTRIBUTING.md).
TEST(State, ThatNoRunCanHaveIsRefusedOrGoesOn) {
  const char* asked = std::getenv("CHRONOTOPE_MUTATIONS");
  const int count = asked == nullptr ? 2000 : std::atoi(asked);
  std::mt19937 random(3);
  int refused = 0;
  for (int k = 0; k < count;) {
    const std::string text = network(kModels[random() % kModels.size()], kRules[random() % kRules.size()],
                                     kDelays[random() % kDelays.size()], kInputs[random() % kInputs.size()]);
    NetworkRun run(text);
    Columns whole;
    run.until(10 + random() % 60).engine().save(whole);
    for (int m = 0; m < 25; ++m, ++k) {
      Columns state = whole;
      for (std::size_t n = 0; n <= random() % 2; ++n) mutate(state, random);
      try {
        NetworkRun other(text);
        other.engine().load(state);
        const Time now = other.engine().now();
        other.engine().run_until(now + stated_duration(100));
        for (const RecordedSpike& spike : other.spikes()) ASSERT_GE(spike.time, now) << text;
        expect_finite(other);
      } catch (const InputError& error) {
        ++refused;
        EXPECT_NE(std::string(error.what()), "");
        EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
      }
    }
  }
  EXPECT_GT(refused, count / 4);
}

/// A number in a column and the line that names it.
struct Refused {
  std::string rule;
  std::string column;
  std::size_t at;
  double value;
  std::string line;
};

TEST(State, WhatIsWrongIsNamed) {
  const std::vector<Refused> all{
      {kRules[1], "perturbation", 8, 1e6, "state perturbation is not 0 ms"},
      {kRules[1], "projection 0/weights", 8, 1e300, "projection 0: state weights holds the weight 1e+300"},
      {kRules[1], "projection 0/weights", 8, -1, "projection 0: state weights holds the weight -1"},
      {kRules[8], "projection 0/shown", 8, 201, "projection 0: state shown holds the weight 201"},
      {kRules[1], "projection 0/spikes", 56, 1e9, "projection 0: state spikes holds a trace"},
      {kRules[1], "projection 0/newest", 8, 0.5, "projection 0: state newest does not fit spikes"},
      {kRules[1], "projection 0/arrivals", 32, -1, "projection 0: state arrivals holds a trace"},
      {kRules[6], "projection 0/own", 8, 1.5, "projection 0: state own holds a release"},
      {kRules[9], "projection 0/eligibility", 8, 1e9, "projection 0: state eligibility holds the weight"}};
  for (const Refused& wrong : all) {
    const std::string text = network(kModels[1], wrong.rule, kDelays[0], kInputs[0]);
    Columns state;
    NetworkRun(text).until(70).engine().save(state);
    const auto column = std::find_if(state.columns.begin(), state.columns.end(),
                                     [&](const auto& c) { return c.first == wrong.column; });
    ASSERT_NE(column, state.columns.end()) << wrong.column;
    ASSERT_LE(wrong.at + 8, column->second.size()) << wrong.column;
    std::memcpy(column->second.data() + wrong.at, &wrong.value, 8);
    try {
      NetworkRun(text).engine().load(state);
      ADD_FAILURE() << wrong.line;
    } catch (const InputError& error) {
      EXPECT_NE(std::string(error.what()).find(wrong.line), std::string::npos)
          << error.what() << " for " << wrong.line;
    }
  }
}

/// An end of a refractory period before now would be a spike before now.
TEST(State, ASpikeBeforeItIsRefused) {
  const std::string text = network(kModels[1], "", kDelays[1], kInputs[1]);
  Columns state;
  NetworkRun(text).until(35).engine().save(state);
  for (auto& [path, bytes] : state.columns) {
    if (path != "population n/states") continue;
    const double long_ago = 3;
    for (std::size_t neuron = 0; neuron < 12; ++neuron) {
      double headroom = 0;
      std::memcpy(&headroom, bytes.data() + 8 + 32 * neuron + 24, 8);
      if (headroom == -HUGE_VAL) std::memcpy(bytes.data() + 8 + 32 * neuron, &long_ago, 8);
    }
  }
  NetworkRun run(text);
  run.engine().load(state);
  try {
    run.until(60);
    ADD_FAILURE() << "it went on";
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find("ms, which is before the state"), std::string::npos)
        << error.what();
  }
}

/// V goes on from where it was: the closed form of a membrane whose current and time constant change at some time.
TEST(State, NeuronsKeepTheirPotentialWhenConstantsChange) {
  const auto text = [](const std::string& model, double tau, const std::string& more) {
    return "population { name: 'n' size: 2 " + model + " { tau_m { constant: " + to_string(tau) +
           " } R_m { constant: 40 } E_L { constant: -70 } "
           "V_th { constant: -55 } V_m { values { value: -70 value: -62 } } " +
           more + " } }";
  };
  for (const std::string model : {"exp_psc_lif", "delta_lif"})
    for (const double tau : {10., 3., 1000.})
      for (const double change : {10., 330.}) {  // before and after the origin of the coordinates moves
        NetworkRun before(text(model, 10, "I_e { constant: 300 }"));
        Columns state;
        before.until(change).engine().save(state);
        const std::vector<double> V = before.engine().potentials(0);
        const std::string stronger = text(model, tau, "I_e { constant: 450 } V_reset { constant: -68 }");
        for (std::uint32_t i = 0; i < 2; ++i) {
          Columns same = state;
          NetworkRun after(stronger);
          after.engine().load(same, {{}, {before.engine().network().populations[0].get()}});
          EXPECT_NEAR(after.engine().potentials(0)[i], V[i], 1e-12);
          const double V_inf = -70 + 450 * 0.04;
          const double crossing = change + tau * std::log((V_inf - V[i]) / (V_inf + 55));
          after.until(crossing + 1);
          ASSERT_FALSE(after.times(0, i).empty());
          EXPECT_NEAR(after.times(0, i).front(), crossing, 1e-12 * tau);
          EXPECT_NEAR(after.engine().potentials(0)[i], -68, 1e-12);  // in its refractory period
        }
      }
}

/// The end of a refractory period stays where it was, whatever the origin of times is.
TEST(State, WhoIsRefractoryStaysSoWhenTimeConstantsChange) {
  const auto text = [](const std::string& model, double tau) {
    return "population { name: 'n' size: 1 " + model +
           " { I_e { constant: 450 } R_m { constant: 40 } tau_m { constant: " + to_string(tau) +
           " } t_ref { constant: 100 } } }";
  };
  for (const std::string model : {"exp_psc_lif", "delta_lif"}) {
    NetworkRun before(text(model, 10));
    Columns state;
    before.until(280).engine().save(state);  // in the third period
    ASSERT_EQ(before.spikes().size(), 3U);
    const double last = before.times(0, 0).back();
    NetworkRun after(text(model, 3));
    after.engine().load(state, {{}, {before.engine().network().populations[0].get()}});
    EXPECT_EQ(after.engine().potentials(0)[0], -70);
    after.until(last + 150);
    ASSERT_EQ(after.spikes().size(), 1U);
    EXPECT_NEAR(after.times(0, 0)[0], last + 100 + 3 * std::log(18. / 3), 1e-11);
  }
}

/// Of a network's only input.
events::Stimulus stimulus(const std::string& textproto) {
  proto::SpecText text;
  proto::parse_spec(textproto, "test.textproto", text);
  const NetworkDescription network = proto::decode(text).network;
  return events::make_stimulus(network.inputs.front(), network.seed);
}

/// What an input is from the fork on is what it is from the begin; what it had sent before arrives.
TEST(State, AnInputThatChangesIsThatOfItsSpecificationFromThereOn) {
  const auto text = [](const std::string& input) {
    return "seed: 4 population { name: 'n' size: 3 delta_lif { E_L { constant: 0 } V_th { constant: 1 } V_reset { "
           "constant: 0 } t_ref { constant: 0 } } }\ninput { name: 'x' size: 3 " +
           input +
           " }\nprojection { source: 'x' target: 'n' all_to_all {} weight { constant: 2 } delay { constant: 3 } }";
  };
  const std::vector<std::pair<std::string, std::string>> kChanges{
      {"poisson { rate { constant: 60 } }", "poisson { rate { constant: 90 } }"},
      {"poisson { rate { constant: 60 } stop: 10 }", "poisson { rate { constant: 60 } stop: 80 }"},
      {"regular { interval { constant: 7 } }", "regular { interval { constant: 3 } }"},
      {"spike_times { neuron: 1 times: [2, 38.5, 41, 60] }",
       "spike_times { neuron: 2 times: [1, 39, 43, 70, 71] }"},
      {"spike_times { neuron: 1 times: [2, 38.5] }", ""},
      // the first is late
      {"", "spike_times { neuron: 1 times: [50, 50, 61] }"},
      {"poisson { rate { constant: 60 } }", "poisson { rate { constant: 8 } }"},
      {"poisson { rate { constant: 300 } }",
       "poisson { rate { constant: 8 } }"},  // by the slot, then by the interval
      {"poisson { rate { constant: 8 } }", "poisson { rate { constant: 300 } }"},
      {"poisson { rate { constant: 60 } }", "poisson { rate { constant: 300 } start: 60 }"},
      {"regular { interval { constant: 7 } }", "regular { interval { constant: 33 } }"},
      {"correlated_poisson { rate: 100 p_copy: 0.4 }", "correlated_poisson { rate: 20 p_copy: 0.4 }"},
      {"inhomogeneous_poisson { rate_times: 0 rate_values: 90 }",
       "inhomogeneous_poisson { rate_times: [0, 60] rate_values: [0, 300] }"}};
  for (const auto& [was, is] : kChanges) {
    NetworkRun before(text(was)), whole(text(is)), old(text(was));
    Columns state;
    before.until(40).engine().save(state);
    NetworkRun after(text(is), 2);
    after.engine().load(state, {{{0, stimulus(text(was))}}, {}});
    after.until(90);
    std::vector<RecordedSpike> expected;  // a spike fires at once what it reaches, 3 ms later
    for (const RecordedSpike& spike : old.until(90).spikes())
      if (spike.time >= stated_time(40) && spike.time < stated_time(43)) expected.push_back(spike);
    for (const RecordedSpike& spike : whole.until(90).spikes())
      if (spike.time >= stated_time(43)) expected.push_back(spike);
    EXPECT_EQ(after.spikes(), expected) << was << " becomes " << is;
  }
}

TEST(State, OfAnotherNetworkIsRefused) {
  NetworkRun one(network(kModels[0], kRules[1], kDelays[0], kInputs[0]));
  Columns state;
  one.until(10).engine().save(state);
  NetworkRun other(network(kModels[0], kRules[5], kDelays[0], kInputs[2]));
  EXPECT_THROW(other.engine().load(state), InputError);
  Columns cut = state;
  cut.columns[3].second.pop_back();
  NetworkRun same(network(kModels[0], kRules[1], kDelays[0], kInputs[0]));
  EXPECT_THROW(same.engine().load(cut), InputError);
}

}  // namespace
}  // namespace chronotope::tests
