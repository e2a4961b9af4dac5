// SPDX-License-Identifier: Apache-2.0
#include "chronotope/tests/reference/plasticity_reference.hpp"

#include <gtest/gtest.h>

#include <cmath>

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

TEST(PlasticityReference, PartsOfADecimalDelayAddUpExactly) {
  const SynapseTrains trains = at_synapse({0.1, 0.7}, {0.1, 1.1}, 0.6, 0.4);
  EXPECT_EQ(trains.arrivals, (std::vector<Rational>{Rational(3, 10), Rational(9, 10)}));
  EXPECT_EQ(trains.spikes, (std::vector<Rational>{Rational(5, 10), Rational(15, 10)}));
  const SynapseTrains coincident = at_synapse({0.1}, {0.15}, 0.35, 0.15);  // 0.1 + 0.2 and 0.15 + 0.15
  EXPECT_EQ(coincident.arrivals, coincident.spikes);
}

/// One pair at 1 ms and 3 ms, one reward at 50 ms: w against the sum of many small steps of w' = c (n - b).
TEST(PlasticityReference, RewardedWeightSolvesItsDifferentialEquation) {
  Law law;
  law.tau_plus = law.tau_minus = 10;
  law.spike = [](const Real& w, const Real& r1, const Real&) -> Real { return w + r1; };
  law.arrival = [](const Real& w, const Real&, const Real&) -> Real { return w; };
  Modulation m{100, 20, 0.1, -1000, 1000, {{50, 2}}};
  const Real w = brute_force_rewarded_weight({{1}, {3}}, Partners::kAllToAll, law, m, 5, 150);
  double euler = 5;
  const double step = 1e-3;
  for (double t = 3 + step / 2; t < 150; t += step) {
    const double c = std::exp(-0.2) * std::exp(-(t - 3) / 100);
    const double n = t < 50 ? 0 : 2 * std::exp(-(t - 50) / 20);
    euler += step * c * (n - 0.1);
  }
  EXPECT_NEAR(static_cast<double>(w), euler, 1e-6);
}

TEST(PlasticityReference, RewardedWeightStaysAtItsBoundUntilTheConcentrationTurns) {
  Law law;
  law.tau_plus = law.tau_minus = 10;
  law.spike = [](const Real& w, const Real& r1, const Real&) -> Real { return w + r1; };
  law.arrival = [](const Real& w, const Real&, const Real&) -> Real { return w; };
  const Modulation m{1e9, 10, 1, 0, 5, {{3, 4}}};
  // Up to the bound while n > 1, that is for 10 ln 4 ms, then down: after dt more by c (dt - 10 (1 -
  // e^(-dt/10))).
  const double c = std::exp(-0.2), turn = 3 + 10 * std::log(4.0), dt = 3;
  const Real w = brute_force_rewarded_weight({{1}, {3}}, Partners::kAllToAll, law, m, 4.9, turn + dt);
  EXPECT_NEAR(static_cast<double>(w), 5 - c * (dt - 10 * (1 - std::exp(-dt / 10))), 1e-7);
}

}  // namespace
}  // namespace chronotope::reference
