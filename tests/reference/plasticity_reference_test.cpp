// SPDX-License-Identifier: Apache-2.0
#include "chronotope/tests/reference/plasticity_reference.hpp"

#include <gtest/gtest.h>

namespace chronotope::reference {
namespace {

const Real kTiny("1e-45");

/// w counts 1 for each term of r1 and -1000 for each of o1 when nothing decays.
Law counting() {
  Law law;
  law.tau_plus = law.tau_minus = 1e60;
  law.spike = [](const Real& w, const Real& r1, const Real&) -> Real { return w + r1; };
  law.arrival = [](const Real& w, const Real& o1, const Real&) -> Real { return w - 1000 * o1; };
  return law;
}

/// Morrison et al. 2008, figure 7, on one hand-made pair of trains: | arrival, * spike.
///   1|  2|  3*  4*  5|  6|  7*
TEST(PlasticityReference, PairingsCountTheirPairs) {
  const SynapseTrains trains{{1, 2, 5, 6}, {3, 4, 7}};
  const auto w = [&](Partners partners) { return brute_force_weight(trains, partners, counting(), 0); };
  EXPECT_LT(abs(w(Partners::kAllToAll) - (2 + 2 + 4 - 1000 * (2 + 2))), Real("1e-40"));
  EXPECT_LT(abs(w(Partners::kNearestSymmetric) - (1 + 1 + 1 - 1000 * (1 + 1))), Real("1e-40"));
  EXPECT_LT(abs(w(Partners::kPresynapticCentred) - (2 + 0 + 2 - 1000 * (1 + 1))), Real("1e-40"));
  EXPECT_LT(abs(w(Partners::kReducedSymmetric) - (1 + 0 + 1 - 1000 * (1 + 0))), Real("1e-40"));
}

TEST(PlasticityReference, ArrivalAtTheTimeOfASpikeComesFirst) {
  const SynapseTrains trains{{5}, {5}};
  EXPECT_EQ(brute_force_weight(trains, Partners::kAllToAll, counting(), 0), 1);
}

TEST(PlasticityReference, SlowSumsExcludeTheEventItself) {
  Law law;
  law.tau_plus = law.tau_minus = 10;
  law.tau_x = 50;
  law.tau_y = 40;
  law.spike = [](const Real& w, const Real& r1, const Real& o2) -> Real { return w + r1 * o2; };
  law.arrival = [](const Real& w, const Real& o1, const Real& r2) -> Real { return w + 1000 * o1 * r2; };
  // At 3: r1 = e^(-3/10), o2 = e^(-2/40); at 5: o1 = e^(-2/10) + e^(-4/10), r2 = e^(-5/50).
  const SynapseTrains trains{{0, 5}, {1, 3}};
  const Real expected = exp(-Real(3) / 10) * exp(-Real(1) / 20) +
                        1000 * (exp(-Real(1) / 5) + exp(-Real(2) / 5)) * exp(-Real(1) / 10);
  EXPECT_LT(abs(brute_force_weight(trains, Partners::kAllToAll, law, 0) - expected), kTiny * 1000);
}

TEST(PlasticityReference, DelayIsSplitBetweenTheSides) {
  const SynapseTrains trains = at_synapse({10}, {12}, 3, 1);
  EXPECT_EQ(trains.arrivals.front(), 12);
  EXPECT_EQ(trains.spikes.front(), 13);
}

}  // namespace
}  // namespace chronotope::reference
