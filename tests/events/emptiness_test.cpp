// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "chronotope/tests/suites/run_network.hpp"
#include "chronotope/tests/suites/state_columns.hpp"

namespace chronotope::tests {
namespace {

/// Nothing is a legal number of synapses: a projection that got none changes no bit of the rest.
TEST(Emptiness, AProjectionWithoutSynapsesChangesNothing) {
  const std::vector<std::string> sources{
      "",
      "input { name: 'x' size: 9 regular { interval { constant: 3 } } }\n",
      "input { name: 'x' size: 9 poisson { rate { constant: 500 } } }\n",
      "input { name: 'x' size: 9 poisson { rate { constant: 1 } } }\n",
      "input { name: 'x' size: 9 spike_times { neuron: 2 times: [1, 2] } }\n",
      "input { name: 'x' size: 9 spike_times { neuron: 2 } }\n"};
  const std::vector<std::string> wirings{"pairwise_bernoulli { p: 0 }", "fixed_indegree { indegree: 0 }",
                                         "fixed_outdegree { outdegree: 0 }",
                                         "pairwise_bernoulli { p: 1 target_fraction: 0 }"};
  const std::vector<std::string> rules{
      "",
      "pair_stdp { w_max: 200 }",
      "pair_stdp { tau_plus { gamma { mean: 20 cv: 0.5 } min: 1 } w_max_distribution { uniform { low: 100 "
      "high: 200 } } }",
      "triplet_stdp { tau_x { gamma { mean: 20 cv: 0.5 } min: 1 } w_max: 200 }",
      "vogels_stdp { eta { uniform { low: 0.1 high: 0.2 } } w_max: 200 }",
      "short_term { U { uniform { low: 0.1 high: 0.9 } } }",
      "pair_stdp { w_max: 200 } short_term { U { uniform { low: 0.1 high: 0.9 } } }"};
  const std::vector<std::string> values{
      "weight { constant: 50 } delay { constant: 1 }",
      "weight { normal { mean: 50 sd: 5 } } delay { uniform { low: 1 high: 5 } }"};
  const std::string population = "population { name: 'n' size: 9 exp_psc_lif { I_e { constant: 500 } } }\n";
  const auto alone = NetworkRun(population).until(30).spikes();
  ASSERT_FALSE(alone.empty());
  for (const std::string& source : sources)
    for (const std::string& wiring : wirings)
      for (const std::string& rule : rules)
        for (const std::string& value : values) {
          const std::string text = population + source + "projection { source: '" +
                                   (source.empty() ? "n" : "x") + "' target: 'n' " + wiring + " " + value +
                                   " " + rule + " }\n";
          NetworkRun run(text);
          ASSERT_EQ(run.until(30).spikes(), alone) << text;
          run.engine().settle_weights();
        }
}

/// Nothing is a legal number of neurons and of channels, too.
TEST(Emptiness, PopulationsAndInputsOfNobodyChangeNothing) {
  const std::string population = "population { name: 'n' size: 9 exp_psc_lif { I_e { constant: 500 } } }\n";
  const auto alone = NetworkRun(population).until(30).spikes();
  for (const std::string model :
       {"delta_lif", "exp_psc_lif", "alpha_psc_lif", "adaptive_current_lif", "adaptive_threshold_lif",
        "quadratic_lif", "linear_leak_lif", "escape_noise_lif"})
    for (const std::string source :
         {"", "poisson { rate: 500 }", "poisson { rate: 1 }", "regular { interval: 3 }"})
      for (const std::string wiring :
           {"all_to_all { }", "fixed_indegree { indegree: 0 }", "fixed_total { N: 0 }"})
        for (const std::string rule : {"", "pair_stdp { w_max: 200 }", "short_term { }"}) {
          const auto join = [&](const std::string& from, const std::string& to) {
            return "projection { source: '" + from + "' target: '" + to + "' " + wiring +
                   " weight: 50 delay: 1 " + rule + " }\n";
          };
          const std::string text = population + "population { name: 'nobody' size: 0 " + model + " { } }\n" +
                                   "input { name: 'silence' size: 0 " + source + " }\n" +
                                   "input { name: 'x' size: 4 " + source + " }\n" + join("silence", "n") +
                                   join("silence", "nobody") + join("x", "nobody") + join("nobody", "n") +
                                   join("nobody", "nobody") + join("n", "nobody");
          NetworkRun run(text);
          ASSERT_EQ(run.until(30).spikes(), alone) << text;
          run.engine().settle_weights();

          Columns state;
          run.engine().save(state);
          NetworkRun later(text);
          later.engine().load(state);
          EXPECT_EQ(later.engine().now(), run.engine().now()) << text;
        }
}

/// Of a fast train that only some neurons hear, and of no train, nothing is taken for a drive of its own.
TEST(Emptiness, OneTrainOntoTheFirstOfSeveralNeuronsReachesItAlone) {
  NetworkRun run(
      "population { name: 'n' size: 5 delta_lif { } }\n"
      "input { name: 'x' size: 1 poisson { rate: 800 } }\n"
      "projection { source: 'x' target: 'n' synapses { source: 0 target: 0 weight: 4 delay: 1 } }\n");
  const auto spikes = run.until(200).spikes();
  EXPECT_FALSE(spikes.empty());
  for (const auto& spike : spikes) EXPECT_EQ(spike.neuron, 0U);
}

}  // namespace
}  // namespace chronotope::tests
