// SPDX-License-Identifier: Apache-2.0
#include "chronotope/tests/reference/current_lif_reference.hpp"

#include <gtest/gtest.h>

#include "chronotope/tests/reference/lif_reference.hpp"

namespace chronotope::reference {
namespace {

const Real kTiny("1e-30");

TEST(CurrentLifReference, TwoReceptorsAreTheNeuronOfTheOtherReference) {
  LifParameters two;
  two.tau_syn_in = two.tau_m;
  CurrentLifParameters list;
  list.receptors = {{two.tau_syn_ex}, {two.tau_syn_in}};
  const std::vector<Arrival> arrivals{{1, 2000}, {4, -300}, {4, 900}, {20, 1500}};
  std::vector<ReceptorArrival> same;
  for (const Arrival& a : arrivals) same.push_back({a.time, a.weight, a.weight > 0 ? 0u : 1u});
  const auto expected = run_lif(two, arrivals, 60).spikes;
  const auto found = run_current_lif(list, same, 60);
  ASSERT_EQ(found.size(), expected.size());
  ASSERT_GE(found.size(), 2u);
  for (std::size_t k = 0; k < found.size(); ++k) {
    EXPECT_EQ(found[k].time, expected[k].time);
    EXPECT_LT(abs(found[k].reached - expected[k].reached), kTiny);
  }
}

TEST(CurrentLifReference, AlphaPotentialSolvesItsEquation) {
  CurrentLifParameters p;
  p.receptors = {{5, true}};
  const auto run = run_current_lif(p, {{0, 1500, 0}}, 20);
  ASSERT_FALSE(run.empty());
  // tau_m v' = -v + R w (s/tau) e^(1 - s/tau) by the trapezoidal rule, with its h^2 extrapolated away.
  const Real end = run[0].reached;
  const auto integral = [&](int steps) {
    const Real h = end / steps;
    Real sum = 0;
    for (int k = 1; k < steps; ++k) {
      const Real s = h * k;
      sum += s / 5 * exp(1 - s / 5 - (end - s) / 20);
    }
    return (sum + end / 10 * exp(1 - end / 5)) * h * 1500 / 250;
  };
  const Real coarse = integral(200), fine = integral(400);
  EXPECT_NEAR(static_cast<double>(fine + (fine - coarse) / 3), 15, 1e-8);
}

TEST(CurrentLifReference, AlphaNearlyEqualToTheMembraneTendsToTheQuadratic) {
  CurrentLifParameters equal, near;
  equal.receptors = {{20, true}};
  near.receptors = {{20 * (1 + 1e-12), true}};
  const auto a = run_current_lif(equal, {{0, 800, 0}}, 100), b = run_current_lif(near, {{0, 800, 0}}, 100);
  ASSERT_EQ(a.size(), b.size());
  ASSERT_FALSE(a.empty());
  for (std::size_t k = 0; k < a.size(); ++k) EXPECT_LT(abs(a[k].reached - b[k].reached), Real("1e-10"));
  const Real s = a[0].reached;  // w e/(C tau) s^2/2 e^(-s/tau) = 15
  EXPECT_LT(abs(800 * exp(1 - s / 20) / (250 * 20) * s * s / 2 - 15), kTiny);
}

TEST(CurrentLifReference, AdaptationLengthensTheInterval) {
  CurrentLifParameters p;
  p.I_e = 250;  // V_inf = -50
  p.adaptation = {{1e-3, 50}};
  p.threshold = {{0, 10}};
  const auto run = run_current_lif(p, {}, 100);
  ASSERT_GE(run.size(), 2u);
  EXPECT_LT(abs(run[0].reached - Real(20) * log(Real(4))), kTiny);
  EXPECT_EQ(run[0].time, nearest_tick(20 * log(Real(4))));
  EXPECT_GT(run[1].time - run[0].time, run[0].time + 2);
}

TEST(CurrentLifReference, ThresholdThatJumpedDecaysBackToAFreePotential) {
  CurrentLifParameters p;
  p.resets = false;
  p.V_initial = p.V_th;
  p.E_L = -50;  // V = -50 - 5 e^(-t/20), the threshold -55 + 10 e^(-t/20): equal where e^(-t/20) = 1/3
  p.threshold = {{10, 20}};
  const auto run = run_current_lif(p, {}, 30);
  ASSERT_EQ(run.size(), 2u);
  EXPECT_EQ(run[0].time, 0);
  EXPECT_LT(abs(run[1].reached - 20 * log(Real(3))), kTiny);
  EXPECT_EQ(run[1].time, nearest_tick(20 * log(Real(3))));
}

TEST(CurrentLifReference, APotentialWithoutResetDoesNotNoticeThatASpikeIsOnItsTick) {
  CurrentLifParameters p;
  p.resets = false;
  p.V_initial = -60;
  p.E_L = -50;  // V = -50 - 10 e^(-t/20)
  p.threshold = {{10, 20}};
  const auto run = run_current_lif(p, {}, 40);
  ASSERT_EQ(run.size(), 2u);
  EXPECT_EQ(run[0].time, nearest_tick(20 * log(Real(2))));
  // The threshold -55 + 10 e^(-(t - t_1)/20) meets V where 5 e^(t/20) = 10 + 10 e^(t_1/20).
  EXPECT_LT(abs(run[1].reached - 20 * log(2 + 2 * exp(to_real(run[0].time) / 20))), kTiny);
}

/// V = -50 + (V_initial + 50) e^(-t/20) is on its way to meet -55 after 10 ms - `early` ticks.
CurrentLifParameters meeting_threshold(double early) {
  CurrentLifParameters p;
  p.I_e = 250;
  p.receptors = {{5}};
  p.V_initial = static_cast<double>(-50 - 5 * exp((10 - Real(early) * to_real(tick())) / 20));
  return p;
}

TEST(CurrentLifReference, ACrossingInTheSameTickBeforeAnArrivalIsTakenFirst) {
  for (const double early : {0.1, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9}) {
    CurrentLifParameters p = meeting_threshold(early);
    const auto run = run_current_lif(p, {{10, -1e6, 0}}, 100);
    ASSERT_EQ(run.size(), 1u) << early;
    EXPECT_EQ(run[0].time, early < 0.5 ? Rational(10) : 10 - tick()) << early;
    EXPECT_EQ(run[0].cause, SpikeCause::kCrossing);
    EXPECT_LT(abs(run[0].reached - (10 - early * to_real(tick()))), 0.02 * to_real(tick())) << early;
  }
}

/// A current acts after its arrival only: this one does not keep V from meeting the threshold half a tick
/// later.
TEST(CurrentLifReference, ACrossingInTheSameTickAfterAnArrivalIsThatOfTheArrivalsState) {
  const auto undisturbed = run_current_lif(meeting_threshold(-0.4), {}, 11);
  ASSERT_EQ(undisturbed.size(), 1u);
  EXPECT_EQ(undisturbed[0].time, 10);
  EXPECT_TRUE(run_current_lif(meeting_threshold(-0.4), {{10, -1e6, 0}}, 11).empty());  // V' = -4000 mV/ms
  const auto pushed = run_current_lif(meeting_threshold(-0.8), {{10, 250, 0}}, 11);    // V' = 0.25 + 1 mV/ms
  ASSERT_EQ(pushed.size(), 1u);
  EXPECT_EQ(pushed[0].time, 10);
  EXPECT_NEAR(static_cast<double>((pushed[0].reached - 10) / to_real(tick())), 0.8 / 5, 0.01);
}

}  // namespace
}  // namespace chronotope::reference
