// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/state.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "chronotope/tests/suites/run_network.hpp"

namespace chronotope::tests {
namespace {

/// A state in memory.
struct Columns final : StateSink, StateSource {
  std::vector<std::pair<std::string, std::string>> columns;
  std::size_t next = 0;

  void write(const std::string& path, const std::string& bytes) override {
    columns.emplace_back(path, bytes);
  }
  std::string read(const std::string& path) override {
    if (next == columns.size() || columns[next].first != path) throw InputError("no " + path);
    return columns[next++].second;
  }
};

std::vector<double> weights(NetworkRun& run) {
  std::vector<double> all;
  for (const auto& projection : run.engine().network().projections)
    for (const double w : weights_of(*projection)) all.push_back(w);
  return all;
}

const std::vector<std::string> kModels{
    "exp_psc_lif { I_e { constant: 300 } V_m { uniform { low: -70 high: -55 } } tau_m { uniform { low: 8 "
    "high: 12 } } }",
    "exp_psc_lif { I_e { constant: 300 } V_m { uniform { low: -70 high: -55 } } }",
    "delta_lif { E_L { constant: 0 } V_th { constant: 20 } V_reset { constant: 0 } V_m { uniform { low: 0 "
    "high: 20 } } "
    "refractory_input: KEEP }",
    "delta_lif { E_L { constant: 0 } V_th { constant: 20 } V_reset { constant: 0 } V_m { uniform { low: 0 "
    "high: 20 } } "
    "refractory_input: DISCARD }",
    "alpha_psc_lif { I_e { constant: 300 } }",
    "adaptive_current_lif { I_e { constant: 600 } }",
    "adaptive_threshold_lif { I_e { constant: 600 } }",
    "escape_noise_lif { I_e { constant: 350 } }",
    "quadratic_lif { I_e { constant: 600 } }",
    "linear_leak_lif { I_e { constant: 300 } }",
    "multi_receptor_lif { tau_syn { constant: 2 } tau_syn { constant: 8 } I_e { constant: 300 } }"};
const std::vector<std::string> kRules{
    "",
    "pair_stdp { w_max: 200 }",
    "pair_stdp { w_max: 200 tau_plus { gamma { mean: 20 cv: 0.5 } min: 1 } tau_minus { gamma { mean: 20 cv: "
    "0.5 } min: 1 } "
    "}",
    "pair_stdp { w_max: 200 pairing: NEAREST_SYMMETRIC }",
    "triplet_stdp { w_max: 200 tau_x { gamma { mean: 20 cv: 0.5 } min: 1 } }",
    "vogels_stdp { w_max: 200 }",
    "short_term { U { uniform { low: 0.1 high: 0.9 } } tau_fac { constant: 50 } }",
    "short_term { U { constant: 0.4 } } pair_stdp { w_max: 200 }",
    "pair_stdp { w_max: 200 } dendritic_delay { uniform { low: 0.1 high: 0.5 } }",
    "pair_stdp { w_max: 200 } modulation { reward: 'r' }",
    "pair_stdp { w_max: 200 } scaling { interval: 7 target_sum { constant: 500 } }"};
const std::vector<std::string> kDelays{"delay { constant: 1.5 }", "delay { uniform { low: 0.6 high: 4 } }"};
const std::vector<std::string> kInputs{"poisson { rate { constant: 40 } }",
                                       "poisson { rate { constant: 2000 } start: 9 stop: 61 }",
                                       "regular { interval { uniform { low: 3 high: 7 } } }",
                                       "spike_times { neuron: 1 times: [2, 2, 5, 11, 30, 61, 62] }"};

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

std::string network(const std::string& model, const std::string& rule, const std::string& delay,
                    const std::string& input) {
  const bool receptors = model.starts_with("multi");
  const std::string receptor = receptors ? " receptor: 1" : "";
  const std::string weight =
      model.starts_with("delta") ? "weight { constant: 21 } " : "weight { constant: 120 } ";
  return "seed: 5\npopulation { name: 'n' size: 12 " + model + " }\ninput { name: 'x' size: 12 " + input +
         " }\n" +
         (rule.find("reward") != std::string::npos
              ? "reward { name: 'r' population: 'n' amount: 0.1 delay: 3 }\n"
              : "") +
         "projection { source: 'n' target: 'n' fixed_indegree { indegree: 4 } " + weight + delay + " " +
         rule + receptor + " }\nprojection { source: 'x' target: 'n' one_to_one {} " + weight + delay +
         receptor + " }\n";
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

/// V goes on from where it was: the closed form of a membrane whose current changes at 10 ms.
TEST(State, NeuronsKeepTheirPotentialWhenConstantsChange) {
  const auto text = [](const std::string& model, const std::string& more) {
    return "population { name: 'n' size: 2 " + model +
           " { tau_m { constant: 10 } C_m { constant: 250 } E_L { constant: -70 } "
           "V_th { constant: -55 } V_m { values { value: -70 value: -62 } } " +
           more + " } }";
  };
  for (const std::string model : {"exp_psc_lif", "delta_lif"}) {
    NetworkRun before(text(model, "I_e { constant: 300 }"));
    Columns state;
    before.until(10).engine().save(state);
    const std::vector<double> V = before.engine().potentials(0);
    const std::string stronger = text(model, "I_e { constant: 450 } V_reset { constant: -68 }");
    for (std::uint32_t i = 0; i < 2; ++i) {
      Columns same = state;
      NetworkRun after(stronger);
      after.engine().load(same, {{}, {before.engine().network().populations[0].get()}});
      EXPECT_NEAR(after.engine().potentials(0)[i], V[i], 1e-12);
      const double V_inf = -70 + 450 * 10. / 250;
      const double crossing = 10 + 10 * std::log((V_inf - V[i]) / (V_inf + 55));
      after.until(crossing + 1);
      ASSERT_FALSE(after.times(0, i).empty());
      EXPECT_NEAR(after.times(0, i).front(), crossing, 1e-11);
      EXPECT_NEAR(after.engine().potentials(0)[i], -68, 1e-12);  // in its refractory period
    }
  }
}

/// What an input is from the fork on is what it is from the begin; what it had sent before arrives.
TEST(State, AnInputThatChangesIsThatOfItsSpecificationFromThereOn) {
  const auto text = [](const std::string& input) {
    return "seed: 4 population { name: 'n' size: 3 delta_lif { E_L { constant: 0 } V_th { constant: 1 } V_reset { "
           "constant: 0 } t_ref { constant: 0.1 } } }\ninput { name: 'x' size: 3 " +
           input +
           " }\nprojection { source: 'x' target: 'n' one_to_one {} weight { constant: 2 } delay { constant: 3 } }";
  };
  const std::vector<std::pair<std::string, std::string>> kChanges{
      {"poisson { rate { constant: 60 } }", "poisson { rate { constant: 90 } }"},
      {"poisson { rate { constant: 60 } stop: 10 }", "poisson { rate { constant: 60 } stop: 80 }"},
      {"regular { interval { constant: 7 } }", "regular { interval { constant: 3 } }"},
      {"spike_times { neuron: 1 times: [2, 38.5, 41, 60] }",
       "spike_times { neuron: 2 times: [1, 39, 43, 70, 71] }"},
      {"spike_times { neuron: 1 times: [2, 38.5] }", ""}};
  for (const auto& [was, is] : kChanges) {
    NetworkRun before(text(was)), whole(text(is)), old(text(was));
    Columns state;
    before.until(40).engine().save(state);
    NetworkRun after(text(is), 2);
    after.engine().load(state, {{0}, {}});
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
