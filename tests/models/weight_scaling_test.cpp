// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/weight_scaling.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "chronotope/core/error.hpp"
#include "chronotope/tests/suites/run_network.hpp"

namespace chronotope::tests {
namespace {

/// Twenty neurons that learn at recurrent synapses with delays of their own.
std::string network(const std::string& scaling, const std::string& rule = "pair_stdp { w_max: 3 }",
                    const std::string& weight = "uniform { low: 0.2 high: 1 }") {
  return R"(seed: 9
    population { name: 'n' size: 20 delta_lif { I_e { constant: 190 } V_m { uniform { low: -70 high: -55 } } } }
    projection { source: 'n' target: 'n' pairwise_bernoulli { p: 0.4 } weight { )" +
         weight + R"( } delay { uniform { low: 1 high: 5 } } )" + rule + " " + scaling + " }";
}

/// The magnitudes of the weights onto each neuron, summed.
std::vector<double> sums(NetworkRun& run) {
  const std::vector<double> w = run.weights(0);
  std::vector<double> sum(20, 0.0);
  const Connectivity& connectivity = run.engine().network().projections[0]->connectivity();
  for (std::uint64_t s = 0; s < w.size(); ++s)
    sum[index(connectivity.target(SynapseId{s}))] += std::abs(w[s]);
  return sum;
}

const std::string kNormalise = "scaling { interval: 100 target_sum { constant: 4 } }";

TEST(WeightScaling, NormalisationGivesEveryNeuronItsSumAtTheInterval) {
  NetworkRun run(network("scaling { interval: 100 target_sum { uniform { low: 2 high: 5 } } }"));
  run.until(100);
  const std::vector<double> before = sums(run);
  run.until(100.0001);  // just after the event at 100
  const std::vector<double> after = sums(run);
  run.until(200.0001);
  const std::vector<double> later = sums(run);
  for (std::size_t n = 0; n < 20; ++n) {
    EXPECT_GT(std::abs(before[n] - after[n]), 1e-6);
    EXPECT_TRUE(after[n] >= 2 && after[n] <= 5) << after[n];
    EXPECT_NEAR(later[n], after[n], 1e-14 * 20);
    EXPECT_NE(after[n], after[(n + 1) % 20]);
  }
}

TEST(WeightScaling, KeepsRatiosOfWeightsOntoANeuron) {
  NetworkRun run(
      network(kNormalise, "pair_stdp { w_max: 3 A_plus { constant: 0 } A_minus { constant: 0 } }"));
  const std::vector<double> initial = run.weights(0), sum = sums(run);
  const std::vector<double> scaled = run.until(101).weights(0);
  const Connectivity& connectivity = run.engine().network().projections[0]->connectivity();
  for (std::uint64_t s = 0; s < initial.size(); ++s)
    EXPECT_NEAR(scaled[s], initial[s] * 4 / sum[index(connectivity.target(SynapseId{s}))], 1e-15);
}

TEST(WeightScaling, NeitherThreadsNorPiecesNorReadingChangeABit) {
  for (const std::string& rule :
       {std::string("pair_stdp { w_max: 3 }"), std::string("triplet_stdp { w_max: 3 }"),
        std::string("pair_stdp { w_max: 3 } modulation { reward: 'R' }"),
        std::string("short_term { } pair_stdp { w_max: 3 } dendritic_fraction { constant: 0.5 }")})
    for (const std::string scaling : {"scaling { interval: 17.3 target_sum { constant: 4 } }",
                                      "scaling { interval: 50 target_rate { constant: 20 } tau: 500 }"}) {
      const std::string text =
          network(scaling, rule) + "reward { name: 'R' times: [50, 86.5, 120] amount: 0.5 }";
      NetworkRun one(text);
      one.until(400);
      EXPECT_GT(one.spikes().size(), 50u);
      for (const unsigned threads : {2U, 3U}) {
        NetworkRun many(text, threads);
        EXPECT_EQ(many.until(400).weights(0), one.weights(0)) << rule << scaling;
        EXPECT_EQ(many.spikes(), one.spikes());
      }
      NetworkRun pieces(text);
      for (double t = 0; t <= 400; t += 0.25) pieces.until(t).weights(0);
      EXPECT_EQ(pieces.weights(0), one.weights(0)) << rule << scaling;
      EXPECT_EQ(pieces.spikes(), one.spikes());
    }
}

/// A silent network: every interval multiplies by exp(T/tau).
TEST(WeightScaling, SilentNeuronsGrowTowardsTheirRateInClosedForm) {
  const std::string text =
      R"(population { name: 'n' size: 1 delta_lif { } }
      input { name: 'x' size: 1 spike_times { times: [1] } }
      projection { source: 'x' target: 'n' one_to_one { } weight { constant: 0.1 } pair_stdp { w_max: 1 }
        scaling { interval: 100 target_rate { constant: 5 } tau: 1000 } })";
  NetworkRun run(text);
  EXPECT_NEAR(run.until(1000.5).weights(0)[0], 0.1 * std::exp(1.0), 1e-15);
  EXPECT_EQ(run.until(1e5).weights(0)[0], 1);  // its bound
}

TEST(WeightScaling, RateIsThatOfTheLastInterval) {
  // V relaxes to the threshold and fires regularly; the rate of each interval is counted from the spikes.
  const std::string text =
      R"(population { name: 'n' size: 1 delta_lif { I_e { constant: 300 } } }
      input { name: 'x' size: 1 spike_times { times: [5000] } }
      projection { source: 'x' target: 'n' one_to_one { } weight { constant: 0.5 } pair_stdp { w_max: 1 }
        scaling { interval: 250 target_rate { constant: 40 } tau: 2000 } })";
  NetworkRun run(text);
  run.until(1000.0001);
  double w = 0.5;
  for (int k = 0; k < 4; ++k) {
    double spikes = 0;
    for (const double t : run.times(0, 0)) spikes += t >= 250 * k && t < 250 * (k + 1);
    w *= std::exp(0.125 * (1 - spikes / 0.25 / 40));
  }
  EXPECT_NEAR(run.weights(0)[0], w, 1e-15);
  EXPECT_NE(w, 0.5);
}

TEST(WeightScaling, BoundsAndSignsAreKept) {
  NetworkRun run(network("scaling { interval: 10 target_sum { constant: 100 } }",
                         "vogels_stdp { w_max: 2 w_min: 0.1 }", "uniform { low: -1 high: -0.2 }"));
  for (const double w : run.until(300).weights(0)) EXPECT_TRUE(w >= -2 && w <= -0.1) << w;
  NetworkRun down(
      network("scaling { interval: 10 target_sum { constant: 1e-3 } }", "pair_stdp { w_min: 0.1 }"));
  for (const double w : down.until(300).weights(0)) EXPECT_GE(w, 0.1);
}

TEST(WeightScaling, FieldsOutsideTheirRangeAreRefused) {
  for (const std::string scaling :
       {"scaling { interval: 0 target_sum { constant: 1 } }", "scaling { interval: 10 }",
        "scaling { interval: 10 target_sum { constant: 0 } }",
        "scaling { interval: 10 target_sum { constant: 1 } target_rate { constant: 1 } }",
        "scaling { interval: 10 target_sum { constant: 1 } tau: 5 }",
        "scaling { interval: 10 target_rate { constant: 5 } tau: 0 }",
        "scaling { interval: 10 target_sum { values { value: [1, 2] } } }"})
    EXPECT_THROW(NetworkRun(network(scaling)), FieldError) << scaling;
  EXPECT_THROW(NetworkRun(network(kNormalise, "")), FieldError);
}

}  // namespace
}  // namespace chronotope::tests
