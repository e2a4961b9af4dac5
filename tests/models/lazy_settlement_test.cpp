// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "chronotope/tests/suites/run_network.hpp"

namespace chronotope::tests {
namespace {

/// Every rule the program has, with what goes on top of it.
const std::vector<std::string> kRules{
    "pair_stdp { w_max: 2 }",
    "pair_stdp { w_max: 2 mu_plus: 0 mu_minus: 0 pairing: NEAREST_SYMMETRIC }",
    "pair_stdp { w_max: 2 pairing: PRESYNAPTIC_CENTRED } dendritic_fraction { constant: 1 }",
    "pair_stdp { w_max: 2 pairing: REDUCED_SYMMETRIC } dendritic_fraction { uniform { low: 0 high: 1 } }",
    "pair_stdp { tau_plus { gamma { mean: 20 cv: 0.5 } min: 1 } tau_minus { gamma { mean: 20 cv: 0.5 } min: "
    "1 } A_plus { lognormal { mean: 0.01 cv: 0.5 } } A_minus { lognormal { mean: 0.01 cv: 0.5 } } w_max: 2 }",
    "pair_stdp { w_ref: 1 mu_plus: 0.4 w_max: 3 }",
    "triplet_stdp { w_max: 2 }",
    "triplet_stdp { w_max: 2 A3_minus { constant: 2e-4 } tau_x { gamma { mean: 100 cv: 0.5 } min: 10 } "
    "tau_y { gamma { mean: 100 cv: 0.5 } min: 10 } pairing: NEAREST_SYMMETRIC }",
    "vogels_stdp { w_max: 2 }",
    "short_term { tau_rec { constant: 100 } } pair_stdp { w_max: 2 }",
    "pair_stdp { w_max: 2 } modulation { reward: 'R' b { constant: 0.01 } }",
    "triplet_stdp { w_max: 2 } modulation { reward: 'R' tau_c { gamma { mean: 300 cv: 0.5 } } } "
    "dendritic_fraction { constant: 0.5 }",
    "pair_stdp { w_max: 2 } scaling { interval: 70 target_sum { constant: 5 } }"};

std::string network(const std::string& rule) {
  return R"(seed: 4
    population { name: 'n' size: 30 delta_lif { I_e { constant: 190 } V_m { uniform { low: -70 high: -55 } } } }
    reward { name: 'R' times: [20, 130, 131.5, 250] amounts: [0.5, 1, -0.25, 1] }
    projection { source: 'n' target: 'n' pairwise_bernoulli { p: 0.3 } weight { uniform { low: 0.1 high: 1 } }
      delay { uniform { low: 1 high: 5 } } )" +
         rule + " }";
}

TEST(LazySettlement, EqualsEagerSettlementBitForBitAtEverySnapshotForEveryRule) {
  for (const std::string& rule : kRules) {
    NetworkRun lazy(network(rule)), eager(network(rule));
    for (int snapshot = 1; snapshot <= 4; ++snapshot) {
      lazy.until(100 * snapshot);
      for (double t = 100 * (snapshot - 1); t <= 100 * snapshot; t += 0.5) {
        eager.until(t);
        eager.engine().settle_weights();
      }
      ASSERT_EQ(lazy.weights(0), eager.weights(0)) << rule << " at " << 100 * snapshot;
    }
    EXPECT_EQ(lazy.spikes(), eager.spikes()) << rule;
    EXPECT_GT(lazy.spikes().size(), 100u) << rule;
  }
}

}  // namespace
}  // namespace chronotope::tests
