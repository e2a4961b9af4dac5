// SPDX-License-Identifier: Apache-2.0
#include "chronotope/tests/reference/lif_reference.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace chronotope::reference {
namespace {

const Real kTiny("1e-34");

LifParameters delta_neuron() {
  LifParameters p;
  p.model = LifModel::kDelta;
  return p;
}

/// The peak of V after one arrival: where the two exponentials' slopes cancel.
Real psp_peak_time(const LifParameters& p) {
  const Real tau_m(p.tau_m), tau_s(p.tau_syn_ex);
  return tau_m * tau_s / (tau_m - tau_s) * log(tau_m / tau_s);
}

TEST(LifReference, ConstantDriveFiresAtTheClosedFormInterval) {
  LifParameters p;
  p.I_e = 250;  // V_inf = -50
  const LifRun run = run_lif(p, {}, 200);
  const Real interval = Real(p.tau_m) * log(Real(20) / 5) + Real(p.t_ref);
  ASSERT_EQ(run.spikes.size(), 6u);
  for (std::size_t i = 0; i < run.spikes.size(); ++i) {
    EXPECT_LT(abs(run.spikes[i].time - (interval * (i + 1) - p.t_ref)), Real("1e-32"));
    EXPECT_EQ(run.spikes[i].cause, SpikeCause::kCrossing);
    EXPECT_LT(abs(run.spikes[i].slope - Real(5) / 20), kTiny);
  }
}

TEST(LifReference, PostsynapticPotentialHasItsPublishedShape) {
  const LifParameters p;  // tau 20 and 5 ms
  const LifRun run = run_lif(p, {{10, 100}}, 100);
  const Real peak = 10 + psp_peak_time(p);
  EXPECT_LT(abs(psp_peak_time(p) - log(Real(4)) * Real(20) / 3), Real("1e-20"));
  EXPECT_LT(abs(run.voltage(peak) - (-70 + Real(100) / 250 * Real(20) / 3 *
                                               (pow(Real(4), Real(-1) / 3) - pow(Real(4), Real(-4) / 3)))),
            kTiny);
  EXPECT_LT(run.voltage(peak - Real("1e-6")), run.voltage(peak));
  EXPECT_LT(run.voltage(peak + Real("1e-6")), run.voltage(peak));
  EXPECT_EQ(run.voltage(5), -70);
}

TEST(LifReference, EqualTimeConstantsGiveTheAlphaFunction) {
  LifParameters p;
  p.tau_m = p.tau_syn_ex = 10;
  const LifRun run = run_lif(p, {{0, 100}}, 100);
  for (const double t : {0.5, 10.0, 37.0})
    EXPECT_LT(abs(run.voltage(t) - (-70 + Real(100) / 250 * t * exp(-Real(t) / 10))), kTiny);
}

TEST(LifReference, NearlyEqualTimeConstantsTendToTheAlphaFunction) {
  LifParameters equal, near;
  equal.tau_m = near.tau_m = equal.tau_syn_ex = 10;
  near.tau_syn_ex = 10 * (1 + 1e-12);
  const std::vector<Arrival> input{{0, 2000}, {1, -100}};
  const LifRun a = run_lif(equal, input, 100);
  const LifRun b = run_lif(near, input, 100);
  ASSERT_EQ(a.spikes.size(), b.spikes.size());
  for (std::size_t i = 0; i < a.spikes.size(); ++i)
    EXPECT_LT(abs(a.spikes[i].time - b.spikes[i].time), Real("1e-10"));
}

TEST(LifReference, AlphaCrossingSolvesItsEquation) {
  LifParameters p;
  p.tau_m = p.tau_syn_ex = 10;
  const LifRun run = run_lif(p, {{0, 2500}}, 3.5);
  ASSERT_EQ(run.spikes.size(), 1u);
  const Real t = run.spikes[0].time;
  EXPECT_LT(abs(10 * t * exp(-t / 10) - 15), kTiny);
}

TEST(LifReference, CurrentsGoOnThroughTheRefractoryPeriod) {
  LifParameters p;
  p.V_initial = -55;
  const LifRun run = run_lif(p, {{0, 100}, {1, -40}}, 20);
  ASSERT_EQ(run.spikes.size(), 1u);
  EXPECT_EQ(run.voltage(1.5), -70);
  const Real I_ex = 100 * exp(-Real(2) / 5), I_in = -40 * exp(-Real(1) / 10), s = 3;
  const auto response = [&](const Real& current, const Real& tau) {
    return current / 250 * (exp(-s / 20) - exp(-s / tau)) / (1 / tau - Real(1) / 20);
  };
  EXPECT_LT(abs(run.voltage(5) - (-70 + response(I_ex, 5) + response(I_in, 10))), kTiny);
}

TEST(LifReference, DeltaArrivalsOfOneInstantAreSummedBeforeTheTest) {
  EXPECT_TRUE(run_lif(delta_neuron(), {{3, 20}, {3, -10}}, 50).spikes.empty());
  const LifRun run = run_lif(delta_neuron(), {{3, 7.5}, {3, 7.5}}, 50);  // exactly on threshold
  ASSERT_EQ(run.spikes.size(), 1u);
  EXPECT_EQ(run.spikes[0].time, 3);
  EXPECT_EQ(run.spikes[0].cause, SpikeCause::kJump);
}

TEST(LifReference, DeltaArrivalsInsideTheRefractoryPeriodAreDiscarded) {
  const std::vector<Arrival> input{{0, 15}, {1, 5}, {2, 5}};  // the last one exactly at its end
  const LifRun run = run_lif(delta_neuron(), input, 50);
  EXPECT_EQ(run.spikes.size(), 1u);
  EXPECT_EQ(run.voltage(2), -65);
  EXPECT_EQ(run.voltage(Real("1.999")), -70);
}

TEST(LifReference, KeptDeltaArrivalsActAtTheEndOfTheRefractoryPeriod) {
  LifParameters p = delta_neuron();
  p.refractory_input = RefractoryInput::kKeep;
  EXPECT_EQ(run_lif(p, {{0, 15}, {1, 5}, {2, 5}}, 50).voltage(2), -60);
  const LifRun run = run_lif(p, {{0, 15}, {1, 5}, {1.5, 10}}, 50);
  ASSERT_EQ(run.spikes.size(), 2u);
  EXPECT_EQ(run.spikes[1].time, 2);
  EXPECT_EQ(run.spikes[1].cause, SpikeCause::kJump);
  EXPECT_EQ(run.voltage(2), -70);
}

TEST(LifReference, InitialVoltageAtThresholdFiresAtOnce) {
  LifParameters p;
  p.V_initial = p.V_th;
  const LifRun run = run_lif(p, {}, 10);
  ASSERT_EQ(run.spikes.size(), 1u);
  EXPECT_EQ(run.spikes[0].time, 0);
}

TEST(LifReference, DriveToExactlyTheThresholdNeverFires) {
  LifParameters p;
  p.C_m = 80;  // R = 1/4, so V_inf = V_th without rounding
  p.I_e = 60;
  EXPECT_TRUE(run_lif(p, {}, 1e5).spikes.empty());
  EXPECT_TRUE(run_lif(p, {{1000, -5}, {2000, -5}}, 1e4).spikes.empty());
}

TEST(LifReference, RunStopsBeforeUntil) {
  LifParameters p = delta_neuron();
  EXPECT_TRUE(run_lif(p, {{3, 15}}, 3).spikes.empty());
  EXPECT_EQ(run_lif(p, {{3, 15}}, 3.5).spikes.size(), 1u);
  p.V_initial = p.V_th;
  EXPECT_TRUE(run_lif(p, {}, 0).spikes.empty());
}

TEST(LifReference, RefusesWhatHasNoMeaning) {
  LifParameters p;
  p.V_reset = p.V_th;
  EXPECT_THROW(run_lif(p, {}, 1), std::invalid_argument);
  EXPECT_THROW(run_lif(LifParameters{}, {{2, 1}, {1, 1}}, 5), std::invalid_argument);
}

}  // namespace
}  // namespace chronotope::reference
