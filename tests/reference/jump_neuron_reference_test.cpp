// SPDX-License-Identifier: Apache-2.0
#include "chronotope/tests/reference/jump_neuron_reference.hpp"

#include <gtest/gtest.h>

namespace chronotope::reference {
namespace {

TEST(JumpNeuronReference, QuadraticPotentialSolvesItsEquation) {
  const Real h("1e-12");
  for (const double I_e : {-50.0, 0.0, 100.0, 300.0})
    for (const double V : {-90.0, -65.0, -50.0, -20.0}) {
      QuadraticParameters p;
      p.I_e = I_e;
      const Real rate = (quadratic_potential(p, V, h) - quadratic_potential(p, V, -h)) / (2 * h);
      const Real expected = (Real(p.a) * (V - p.E_L) * (V - p.V_c) + Real(p.tau_m) / p.C_m * I_e) / p.tau_m;
      EXPECT_LT(abs(rate - expected), Real("1e-20")) << I_e << ' ' << V;
      const Real twice = quadratic_potential(p, quadratic_potential(p, V, 1), 2);
      EXPECT_LT(abs(twice - quadratic_potential(p, V, 3)), Real("1e-40"));
    }
}

TEST(JumpNeuronReference, QuadraticNeuronRunsAwayFromAboveTheCriticalPotentialOnly) {
  QuadraticParameters p;
  EXPECT_TRUE(run_quadratic(p, {{1, 14.9}}, 1000).empty());
  const auto spikes = run_quadratic(p, {{1, 15.1}}, 1000);
  ASSERT_EQ(spikes.size(), 1u);  // log[(85/100) (15.1/0.1)]/(2 r p), p = 7.5, r = 0.005
  EXPECT_EQ(spikes[0].time, nearest_tick(spikes[0].reached));
  EXPECT_LT(abs(spikes[0].reached - 1 -
                log(Real(85) / 100 * (Real(15.1) / (Real(15.1) - 15))) * 20 / (Real(0.1) * 15)),
            Real("1e-40"));
}

TEST(JumpNeuronReference, LinearLeakFiresAtTheRateOfAReLU) {
  LinearLeakParameters p;
  p.t_ref = 0;
  p.I_e = 125;  // 0.5 - 0.1 mV/ms over 15 mV
  EXPECT_EQ(run_linear_leak(p, {}, 3751).size(), 100u);
  p.I_e = 25;
  EXPECT_TRUE(run_linear_leak(p, {}, 1e6).empty());
}

/// V = V_initial + t, threshold 0.
LinearLeakParameters rising(double V_initial, double t_ref) {
  LinearLeakParameters p;
  p.C_m = p.I_e = 250;
  p.leak = 0;
  p.E_L = -1000;
  p.V_reset = -100;
  p.V_th = 0;
  p.t_ref = t_ref;
  p.V_initial = V_initial;
  return p;
}

TEST(JumpNeuronReference, ACrossingInTheSameTickBeforeAnArrivalIsTakenFirst) {
  for (const double early : {0.1, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9}) {
    const double V_initial = -1 + early * 1e-12;
    const Rational expected = early < 0.5 ? Rational(1) : 1 - tick();
    for (const double t_ref : {2.0, 0.0}) {
      const auto spikes = run_linear_leak(rising(V_initial, t_ref), {{1, -50}}, 160);
      ASSERT_EQ(spikes.size(), 2u) << early;
      EXPECT_EQ(spikes[0].time, expected) << early;
      EXPECT_EQ(spikes[0].cause, SpikeCause::kCrossing);
      // Discarded, and V rises from -100 at the end of the refractory period; or added to -100 at once.
      EXPECT_EQ(spikes[1].time, expected + (t_ref > 0 ? 102 : 150)) << early;
    }
  }
}

TEST(JumpNeuronReference, ACrossingAtOrAfterAnArrivalOfItsTickIsPrevented) {
  EXPECT_EQ(run_linear_leak(rising(-1, 2), {}, 2).size(), 1u);
  for (const double late : {0.0, 0.1, 0.4}) {
    const auto spikes = run_linear_leak(rising(-1 - late * 1e-12, 2), {{1, -50}}, 52);
    ASSERT_EQ(spikes.size(), 1u) << late;
    EXPECT_EQ(spikes[0].time, 51) << late;
  }
}

TEST(JumpNeuronReference, ANeuronFiresOnceInATick) {
  const auto spikes = run_linear_leak(rising(-1 + 0.2e-12, 0), {{1, 120}, {1, 10}}, 50);
  ASSERT_EQ(spikes.size(), 2u);
  EXPECT_EQ(spikes[0].time, 1);
  EXPECT_EQ(spikes[0].cause, SpikeCause::kCrossing);
  EXPECT_EQ(spikes[1].time, 1 + tick());
  EXPECT_EQ(spikes[1].cause, SpikeCause::kJump);
}

TEST(JumpNeuronReference, ACrossingInTheTickOfTheLastSpikeWaitsForTheNext) {
  LinearLeakParameters p = rising(-100, 0);
  p.I_e = 250 * 3e14;  // from reset to threshold in a third of a tick
  const auto spikes = run_linear_leak(p, {}, 10e-12);
  ASSERT_EQ(spikes.size(), 10u);
  for (std::size_t k = 0; k < spikes.size(); ++k) EXPECT_EQ(spikes[k].time, static_cast<int>(k) * tick());
}

TEST(JumpNeuronReference, TheNextIntervalBeginsAtTheRoundedTime) {
  LinearLeakParameters p = rising(-100, 0.7);
  p.I_e = 750;  // 3 mV/ms: 100/3 ms rounds down, by a third of a tick
  const auto spikes = run_linear_leak(p, {}, 1000);
  ASSERT_EQ(spikes.size(), 29u);
  const Rational interval = nearest_tick(Rational(100, 3));
  for (std::size_t k = 0; k < spikes.size(); ++k)
    EXPECT_EQ(spikes[k].time, interval + static_cast<int>(k) * (interval + Rational(7, 10))) << k;
}

}  // namespace
}  // namespace chronotope::reference
