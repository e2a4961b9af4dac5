// SPDX-License-Identifier: Apache-2.0
#include "chronotope/tests/reference/lif_reference.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <utility>

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
  const Real rise = Real(p.tau_m) * log(Real(20) / 5);
  ASSERT_EQ(run.spikes.size(), 6u);
  for (std::size_t i = 0; i < run.spikes.size(); ++i) {
    const Rational begin = i == 0 ? Rational(0) : run.spikes[i - 1].time + 2;
    EXPECT_EQ(run.spikes[i].time, begin + nearest_tick(rise));
    EXPECT_LT(abs(run.spikes[i].reached - (to_real(begin) + rise)), Real("1e-32"));
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
    EXPECT_LT(abs(a.spikes[i].reached - b.spikes[i].reached), Real("1e-10"));
}

TEST(LifReference, AlphaCrossingSolvesItsEquation) {
  LifParameters p;
  p.tau_m = p.tau_syn_ex = 10;
  const LifRun run = run_lif(p, {{0, 2500}}, 3.5);
  ASSERT_EQ(run.spikes.size(), 1u);
  const Real t = run.spikes[0].reached;
  EXPECT_LT(abs(10 * t * exp(-t / 10) - 15), kTiny);
  EXPECT_EQ(run.spikes[0].time, nearest_tick(t));
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

/// Driven to -50 mV, V is on its way to meet V_th = -55 mV after 10 ms - `early` ticks.
LifParameters meeting_threshold(double early, double t_ref = 2) {
  LifParameters p = delta_neuron();
  p.I_e = 250;
  p.t_ref = t_ref;
  p.V_initial = static_cast<double>(-50 - 5 * exp((10 - Real(early) * to_real(tick())) / 20));
  return p;
}

TEST(LifReference, ACrossingInTheSameTickBeforeAnArrivalIsTakenFirst) {
  for (const double early : {0.1, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9}) {
    const LifRun run = run_lif(meeting_threshold(early), {{10, -3}}, 12);
    const Rational expected = early < 0.5 ? Rational(10) : 10 - tick();
    ASSERT_EQ(run.spikes.size(), 1u) << early;
    EXPECT_EQ(run.spikes[0].time, expected) << early;
    EXPECT_EQ(run.spikes[0].cause, SpikeCause::kCrossing);
    EXPECT_LT(abs(run.spikes[0].reached - (10 - early * to_real(tick()))), 0.02 * to_real(tick())) << early;
    EXPECT_EQ(run.voltage(Real("11.9")), -70) << early;  // the arrival was discarded
    const LifRun free = run_lif(meeting_threshold(early, 0), {{10, -3}}, 10.5);
    ASSERT_EQ(free.spikes.size(), 1u) << early;
    EXPECT_LT(abs(free.voltage(10) + 73), 2 * to_real(tick())) << early;  // it acts on V_reset
  }
}

TEST(LifReference, ACrossingInTheSameTickAfterAnArrivalIsThatOfTheArrivalsState) {
  const LifRun undisturbed = run_lif(meeting_threshold(-0.4), {}, 11);
  ASSERT_EQ(undisturbed.spikes.size(), 1u);
  EXPECT_EQ(undisturbed.spikes[0].time, 10);
  EXPECT_TRUE(run_lif(meeting_threshold(-0.4), {{10, -3}}, 11).spikes.empty());
  const LifRun pushed = run_lif(meeting_threshold(-0.8), {{10, 1e-13}}, 11);
  ASSERT_EQ(pushed.spikes.size(), 1u);  // 0.4 ticks nearer
  EXPECT_EQ(pushed.spikes[0].time, 10);
  EXPECT_EQ(pushed.spikes[0].cause, SpikeCause::kCrossing);
}

TEST(LifReference, ANeuronFiresOnceInATick) {
  for (const double after : {-5.0, 0.0, 20.0}) {  // what arrives a tick later comes after the second spike
    const LifRun run = run_lif(meeting_threshold(0.2, 0), {{10, 18}, {10 + 1e-12, after}}, 10.5);
    ASSERT_EQ(run.spikes.size(), after == 20 ? 3u : 2u) << after;
    EXPECT_EQ(run.spikes[0].time, 10);
    EXPECT_EQ(run.spikes[1].time, 10 + tick());
    EXPECT_EQ(run.spikes[1].cause, SpikeCause::kJump);
    if (after == 20) {
      EXPECT_EQ(run.spikes[2].time, 10 + 2 * tick());
    }
  }
}

TEST(LifReference, KeptArrivalAfterACrossingOfItsTickActsAtTheEndOfTheRefractoryPeriod) {
  LifParameters p = meeting_threshold(0.3, 0.7);
  p.refractory_input = RefractoryInput::kKeep;
  const LifRun run = run_lif(p, {{10, 5}}, 10.8);
  ASSERT_EQ(run.spikes.size(), 1u);
  EXPECT_EQ(run.voltage(to_real(Rational(107, 10))), -65);
}

TEST(LifReference, EveryThirdOfTheInputsIsOutsideARefractoryPeriodOfThreeIntervals) {
  for (const auto& [t_ref, every] :
       {std::pair{0.3, 3}, std::pair{0.7, 7}, std::pair{1.0, 10}, std::pair{0.25, 3}}) {
    LifParameters p = delta_neuron();
    p.t_ref = t_ref;
    std::vector<Arrival> inputs;
    for (int k = 1; k <= 3000; ++k) inputs.push_back({k / 10.0, 20});
    const auto spikes = run_lif(p, inputs, 301).spikes;
    ASSERT_EQ(spikes.size(), static_cast<std::size_t>((3000 + every - 1) / every)) << t_ref;
    for (std::size_t k = 0; k < spikes.size(); ++k)
      ASSERT_EQ(spikes[k].time, Rational(1 + static_cast<int>(k) * every, 10)) << t_ref;
  }
}

TEST(LifReference, ArrivalsOnOneTickAreOneInstant) {
  EXPECT_TRUE(run_lif(delta_neuron(), {{0.3, 20}, {0.1 + 0.2, -10}}, 50).spikes.empty());
  EXPECT_EQ(run_lif(delta_neuron(), {{0.3, 20}, {0.3 + 1e-12, -10}}, 50).spikes.size(), 1u);
}

TEST(LifReference, RefusesWhatHasNoMeaning) {
  LifParameters p;
  p.V_reset = p.V_th;
  EXPECT_THROW(run_lif(p, {}, 1), std::invalid_argument);
  EXPECT_THROW(run_lif(LifParameters{}, {{2, 1}, {1, 1}}, 5), std::invalid_argument);
}

}  // namespace
}  // namespace chronotope::reference
