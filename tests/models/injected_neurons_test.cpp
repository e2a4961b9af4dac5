// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "chronotope/tests/models/changing_neuron.hpp"
#include "chronotope/tests/reference/real.hpp"
#include "chronotope/tests/suites/run_network.hpp"
#include "chronotope/tests/suites/run_on_clock.hpp"

// Currents that change during a run: what 50 digits make of them.

namespace chronotope::tests {
namespace {

using reference::Real;

constexpr double kEnd = 80;

/// One step, in random cases of a model.
void expect_truths(const MembraneModel& model) {
  std::size_t compared = 0;
  for (std::uint64_t number = 0; number < 60; ++number) {
    CaseDraw draw("injected " + model.name, number);
    const MembraneCase c = draw_case(draw, model);
    const double step = draw.between(-200, 200);
    reference::CurrentLifChange change{exact_time(draw.between(2, 40)), c.neuron};
    change.now.I_e += step;
    const std::string text = model.text(c.neuron);
    const BothArrivals arrivals = both_arrivals(c, text);
    compared += expect_same_spikes(spike_times(text, {{change.time, step}}, arrivals.engine, kEnd),
                                   reference::run_current_lif(c.neuron, change, arrivals.reference, kEnd),
                                   model.name + ", case " + std::to_string(number));
  }
  EXPECT_GT(compared, 120U) << model.name;
}

TEST(InjectedNeurons, OfExponentialCurrentsGoOnLikeFiftyDigits) { expect_truths(exponential_currents()); }
TEST(InjectedNeurons, OfAlphaCurrentsGoOnLikeFiftyDigits) { expect_truths(alpha_currents()); }
TEST(InjectedNeurons, WithAdaptationGoOnLikeFiftyDigits) { expect_truths(adaptation()); }
TEST(InjectedNeurons, WithAThresholdThatJumpsGoOnLikeFiftyDigits) { expect_truths(jumping_threshold()); }
TEST(InjectedNeurons, WithSeveralReceptorsGoOnLikeFiftyDigits) { expect_truths(several_receptors()); }

/// The same of a neuron of jumps, from I_e on by `step`.
template <class Parameters, class Run>
std::size_t compare_step(CaseDraw& draw, const Parameters& n, const std::vector<TestArrival>& arrivals,
                         double step, Run run, const std::string& what) {
  reference::JumpNeuronChange<Parameters> change{exact_time(draw.between(2, 60)), n};
  change.now.I_e += step;
  return expect_same_spikes(spike_times(text_of(n), {{change.time, step}}, arrivals, kEnd),
                            run(n, change, reference_arrivals(arrivals), kEnd), what);
}

TEST(InjectedNeurons, OfAQuadraticSlopeGoOnLikeFiftyDigits) {
  std::size_t compared = 0;
  for (std::uint64_t number = 0; number < 300; ++number) {
    CaseDraw draw("injected quadratic_lif", number);
    reference::QuadraticParameters n;
    n.tau_m = draw.log_between(1, 100);
    n.C_m = 10 * n.tau_m;
    n.a = draw.log_between(0.02, 0.5);
    n.t_ref = exact_time(draw.between(0.1, 5));
    const double half = (n.V_c - n.E_L) / 2;
    const double saddle = half * half * n.a * 10;  // I_e at which q = 0
    const auto draw_current = [&] {
      return draw.chance(0.5) ? saddle + draw.between(20, 300) * n.a : saddle - draw.between(20, 1500) * n.a;
    };
    n.I_e = draw_current();
    const std::vector<TestArrival> arrivals = draw_jumps(draw, 8, 14);
    const double step = draw_current() - n.I_e;
    compared += compare_step(
        draw, n, arrivals, step, [](const auto&... all) { return reference::run_quadratic(all...); },
        "case " + std::to_string(number));
  }
  EXPECT_GT(compared, 500U);
}

TEST(InjectedNeurons, OfAConstantLeakGoOnLikeFiftyDigits) {
  std::size_t compared = 0;
  for (std::uint64_t number = 0; number < 300; ++number) {
    CaseDraw draw("injected linear_leak_lif", number);
    reference::LinearLeakParameters n;
    n.subtracts = number % 2 == 1;
    n.has_floor = number % 4 < 2;
    n.C_m = draw.log_between(20, 500);
    n.leak = draw.between(0, 2);
    n.t_ref = draw.chance(0.3) ? 0 : exact_time(draw.between(0.1, 5));
    const auto draw_current = [&] {
      return n.C_m *
             (draw.chance(0.5) ? draw.between(n.leak + 0.05, n.leak + 3) : draw.between(-1, n.leak - 0.05));
    };
    n.I_e = draw_current();
    const std::vector<TestArrival> arrivals = draw_jumps(draw, 8, 12);
    const double step = draw_current() - n.I_e;
    compared += compare_step(
        draw, n, arrivals, step, [](const auto&... all) { return reference::run_linear_leak(all...); },
        "case " + std::to_string(number));
  }
  EXPECT_GT(compared, 500U);
}

/// A leaky membrane with its defaults, alone, under steps: V_inf + (V - V_inf) e^(-t/tau_m), from reset to crossing to
/// step, in 50 digits.
class SteppedMembrane {
 public:
  explicit SteppedMembrane(double I_e) : I_e_(I_e) {}

  std::vector<double> spikes(const std::vector<CurrentStep>& steps, double until) {
    for (const CurrentStep& step : steps) {
      if (step.time >= until) break;
      go_to(Real(step.time));
      level_ = step.amplitude;
    }
    go_to(Real(until));
    return spikes_;
  }
  Real potential() const { return V_; }

 private:
  void go_to(const Real& t) {
    while (now_ < t) {
      if (now_ < free_) {  // refractory
        now_ = t < free_ ? t : free_;
        continue;
      }
      const Real V_inf = -70 + Real(20) / 250 * (Real(I_e_) + Real(level_));
      const Real crossing = V_inf > -55 ? Real(now_ + 20 * log((V_inf - V_) / (V_inf + 55))) : Real(t + 1);
      const Real end = crossing < t ? crossing : t;
      V_ = V_inf + (V_ - V_inf) * exp((now_ - end) / 20);
      now_ = end;
      if (end == t) return;
      spikes_.push_back(static_cast<double>(now_));
      V_ = -70;
      free_ = now_ + 2;
    }
  }

  double I_e_, level_ = 0;
  Real V_ = -70, now_ = 0, free_ = 0;
  std::vector<double> spikes_;
};

const std::vector<std::string> kMembranes{"delta_lif { ",
                                          "exp_psc_lif { ",
                                          "alpha_psc_lif { ",
                                          "multi_receptor_lif { tau_syn: 3 ",
                                          "adaptive_current_lif { q_w: 0 ",
                                          "adaptive_threshold_lif { alpha_1: 0 "};

std::vector<CurrentStep> draw_steps(CaseDraw& draw, int count, double gap, double largest) {
  std::vector<CurrentStep> steps;
  double time = 0;
  for (int k = 0; k < count; ++k) {
    time = exact_time(time + draw.between(0.01, 2) * gap);
    steps.push_back({time, draw.between(-0.3, 1) * largest});
  }
  return steps;
}

void expect_near(const std::vector<double>& spikes, const std::vector<double>& truth, double tolerance,
                 const std::string& what) {
  ASSERT_EQ(spikes.size(), truth.size()) << what;
  for (std::size_t k = 0; k < truth.size(); ++k) EXPECT_NEAR(spikes[k], truth[k], tolerance) << what;
}

TEST(InjectedNeurons, FollowManyStepsLikeFiftyDigits) {
  std::size_t spikes = 0;
  for (const std::string& model : kMembranes)
    for (std::uint64_t number = 0; number < 20; ++number) {
      CaseDraw draw("injected by many steps", number);
      const double I_e = draw.between(-50, 250);
      const auto steps = draw_steps(draw, 30, 5, 500);
      SteppedMembrane membrane(I_e);
      const std::vector<double> truth = membrane.spikes(steps, 200);
      const std::string text = model + "I_e: " + to_string(I_e) + " }";
      expect_near(spike_times(text, steps, {}, 200), truth, 1e-10, text);
      spikes += truth.size();
    }
  EXPECT_GT(spikes, 600U);
}

/// V in the middle of a step, to the last digits that a V of 70 mV has.
TEST(InjectedNeurons, HaveThePotentialOfFiftyDigits) {
  for (const std::string& model : kMembranes)
    for (std::uint64_t number = 0; number < 20; ++number) {
      CaseDraw draw("the potential under steps", number);
      const auto steps = draw_steps(draw, 12, 5, 180);
      SteppedMembrane membrane(0);
      ASSERT_TRUE(membrane.spikes(steps, 50).empty());
      NetworkRun run(neuron_under(model + "}", steps));
      EXPECT_NEAR(run.until(50).engine().potentials(0)[0], static_cast<double>(membrane.potential()), 2e-13)
          << model;
    }
}

TEST(InjectedNeurons, FollowTenThousandSteps) {
  for (const std::string& model : {kMembranes[0], kMembranes[1], kMembranes[2]}) {
    CaseDraw draw("ten thousand steps", 0);
    const auto steps = draw_steps(draw, 10'000, 0.1, 900);
    SteppedMembrane membrane(0);
    const std::vector<double> truth = membrane.spikes(steps, 1000);
    EXPECT_GT(truth.size(), 30U);
    expect_near(spike_times(model + "}", steps, {}, 1000), truth, 1e-9, model);
  }
}

/// A membrane with conductances that none opens is the leaky one: on a clock, as near as a step is long.
TEST(InjectedNeurons, OfConductancesFollowStepsOnAClock) {
  CaseDraw draw("conductances under steps", 0);
  const auto steps = draw_steps(draw, 30, 5, 500);
  SteppedMembrane membrane(100);
  const std::vector<double> truth = membrane.spikes(steps, 200);
  EXPECT_GT(truth.size(), 2U);
  const std::string text = neuron_under("cond_exp_lif { C_m: 250 g_L: 12.5 V_reset: -70 I_e: 100 }", steps);
  for (const double dt : {0.1, 0.01, 0.001}) {
    ClockRun run(text, {dt, events::Integrator::kExact, events::Interpolation::kNone});
    expect_near(run.until(200).times(0, 0), truth, 30 * dt, "dt " + to_string(dt));
  }
}

/// The upstroke of adex has no closed form: a step at 0 is a constant current, and two halves are one.
TEST(InjectedNeurons, OfAdexFollowStepsOnAClock) {
  const events::ClockOptions options{0.01};
  const auto run = [&](const std::string& text) { return ClockRun(text, options).until(300).times(0, 0); };
  const std::string neuron = "population { name: 'n' size: 1 adex { I_e: 300 } }";
  const auto constant = run("population { name: 'n' size: 1 adex { I_e: 700 } }");
  EXPECT_GT(constant.size(), 3U);
  EXPECT_EQ(run(neuron_under("adex { I_e: 300 }", {{0, 400}})), constant);
  EXPECT_EQ(run(neuron + "current { name: 'a' population: 'n' times: 0 amplitudes: 150 }"
                         "current { name: 'b' population: 'n' times: 0 amplitudes: 250 }"),
            constant);
  const auto late = run(neuron_under("adex { I_e: 300 }", {{100, 400}}));
  EXPECT_GT(late.front(), 100);
  EXPECT_LT(late.front(), 150);
}

}  // namespace
}  // namespace chronotope::tests
