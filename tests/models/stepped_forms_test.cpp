// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "chronotope/tests/suites/run_on_clock.hpp"

namespace chronotope::tests {
namespace {

using events::ClockOptions;
using events::GridConvention;
using events::Integrator;
using events::Interpolation;

/// Thirty neurons of a model, driven by noise, exciting and inhibiting each other a little.
std::string network(const std::string& model, double unit) {
  const auto weight = [&](double w) { return " weight { constant: " + to_string(w * unit) + " } "; };
  return "seed: 5 population { name: 'n' size: 30 " + model +
         R"( } input { name: 'x' size: 10 poisson { rate { constant: 40 } } }
    projection { source: 'x' target: 'n' pairwise_bernoulli { p: 0.4 } delay { uniform { low: 0.5 high: 3 } } )" +
         weight(2) +
         R"( } projection { source: 'n' target: 'n' pairwise_bernoulli { p: 0.1 } delay { constant: 1.3 } )" +
         weight(0.5) +
         R"( } projection { source: 'n' target: 'n' pairwise_bernoulli { p: 0.1 } delay { constant: 2.1 } )" +
         weight(-1) + "}";
}

struct Model {
  std::string name;
  std::string text;
  double unit;  // of a weight
};

const std::vector<Model> kModels{
    {"exp_psc_lif", "exp_psc_lif { tau_m { gamma { mean: 20 cv: 0.5 } min: 2 } I_e { constant: 190 } }", 40},
    {"delta_lif", "delta_lif { I_e { constant: 190 } }", 1},
    {"delta_lif_keep", "delta_lif { I_e { constant: 190 } refractory_input: KEEP }", 1},
    {"alpha_psc_lif", "alpha_psc_lif { tau_syn_ex { uniform { low: 1 high: 5 } } I_e { constant: 190 } }",
     40},
    {"adaptive_current_lif", "adaptive_current_lif { q_w { constant: 50 } I_e { constant: 250 } }", 40},
    {"adaptive_threshold_lif", "adaptive_threshold_lif { alpha_1 { constant: 4 } I_e { constant: 230 } }",
     40},
    {"adaptive_threshold_lif_continue",
     "adaptive_threshold_lif { after_spike: CONTINUE alpha_1 { constant: 8 } I_e { constant: 230 } }", 40},
    {"multi_receptor_lif",
     "multi_receptor_lif { tau_syn { constant: 2 } tau_syn { constant: 50 } I_e { constant: 200 } }", 40},
    {"quadratic_lif", "quadratic_lif { I_e { constant: 80 } V_th { constant: 30 } }", 1},
    {"linear_leak_lif", "linear_leak_lif { I_e { constant: 50 } leak { constant: 0.1 } }", 1},
    {"linear_leak_lif_subtract",
     "linear_leak_lif { I_e { constant: 50 } leak { constant: 0.1 } reset: SUBTRACT floor: NONE }", 1},
};

class SteppedForms : public testing::TestWithParam<Model> {};

TEST_P(SteppedForms, OnAFineClockWithCubicsFireLikeTheEventDrivenEngine) {
  const std::string text = network(GetParam().text, GetParam().unit);
  NetworkRun exact(text);
  ClockRun clock(text, {0x1p-8, Integrator::kExact, Interpolation::kCubic, GridConvention::kNest});
  exact.until(100);
  clock.until(100);
  ASSERT_GT(exact.spikes().size(), 30U);
  for (std::uint32_t n = 0; n < 30; ++n) {
    const auto times = clock.times(0, n), truth = exact.times(0, n);
    ASSERT_EQ(times.size(), truth.size()) << "neuron " << n;
    for (std::size_t k = 0; k < times.size(); ++k) EXPECT_NEAR(times[k], truth[k], 1e-7) << "neuron " << n;
  }
}

TEST_P(SteppedForms, DerivativesBelongToThePropagators) {
  const std::string text = network(GetParam().text, GetParam().unit);
  ClockRun exact(text, {0.01, Integrator::kExact});
  ClockRun runge_kutta(text, {0.01, Integrator::kRungeKutta4});
  exact.until(60);
  runge_kutta.until(60);
  ASSERT_GT(exact.spikes().size(), 10U);
  EXPECT_EQ(exact.spikes(), runge_kutta.spikes());
  for (std::uint32_t n = 0; n < 30; ++n)
    EXPECT_NEAR(exact.engine().potential(0, NeuronId{n}), runge_kutta.engine().potential(0, NeuronId{n}),
                1e-7);
}

INSTANTIATE_TEST_SUITE_P(Every, SteppedForms, testing::ValuesIn(kModels),
                         [](const auto& info) { return info.param.name; });

// Models without an exact event form.

const ClockOptions kCubic{0.05, Integrator::kExact, Interpolation::kCubic, GridConvention::kNest};

/// The network with the time constant TAU of a conductance that hardly decays.
std::string with_tau(std::string text, const std::string& tau) {
  return text.replace(text.find("TAU"), 3, tau);
}

/// What a figure would be if the conductance did not decay at all: the first order of 1/TAU is taken away.
template <class Measure>
auto without_decay(Measure measure) {
  return 2 * measure("1e9") - measure("5e8");
}

TEST(CondExpLif, UnderAConstantConductanceFiresAtTheClosedForm) {
  // Conductances that do not decay: g = 16.6667 + 5 nS pull V to (g_L E_L + g_ex E_ex)/g with tau = 250 pF/g.
  const std::string text = R"(population { name: 'n' size: 1 cond_exp_lif { tau_syn_ex { constant: TAU } } }
    input { name: 'x' size: 1 spike_times { times: [1] } }
    projection { source: 'x' target: 'n' one_to_one {} weight { constant: 5 } })";
  const double g = 21.6667, V_inf = 16.6667 * -70 / g, tau = 250 / g;
  const auto after = [&](double V) { return tau * std::log((V_inf - V) / (V_inf + 55)); };
  const auto spike = [&](std::size_t k) {
    return without_decay([&](const char* slow) {
      return ClockRun(with_tau(text, slow), kCubic).until(200).times(0, 0).at(k);
    });
  };
  EXPECT_NEAR(spike(0), 2 + after(-70), 1e-8);
  for (std::size_t k = 1; k < 4; ++k) EXPECT_NEAR(spike(k) - spike(k - 1), 2 + after(-60), 1e-8);
}

TEST(CondExpLif, InhibitionOpensTheOtherConductance) {
  const std::string text = R"(population { name: 'n' size: 1 cond_exp_lif { tau_syn_in { constant: TAU } } }
    input { name: 'x' size: 1 spike_times { times: [1] } }
    projection { source: 'x' target: 'n' one_to_one {} weight { constant: -5 } })";
  const double V = without_decay([&](const char* slow) {
    return ClockRun(with_tau(text, slow), kCubic).until(1000).engine().potential(0, NeuronId{0});
  });
  EXPECT_NEAR(V, (16.6667 * -70 + 5 * -85) / 21.6667, 1e-9);
}

/// Spike times of a pair of variables by the midpoint rule with a tiny step: V first, what grows at a spike
/// second.
template <class Rates>
std::vector<double> midpoint_spikes(double V, double w, double peak, double reset, double jump, Rates rates) {
  std::vector<double> spikes;
  const double h = 2e-5;
  for (double k = 0; k * h < 150; ++k) {
    const auto [dV, dw] = rates(V, w);
    const auto [mV, mw] = rates(V + h / 2 * dV, w + h / 2 * dw);
    const double before = V;
    V += h * mV;
    w += h * mw;
    if (V < peak) continue;
    spikes.push_back((k + (peak - before) / (V - before)) * h);
    V = reset;
    w += jump;
  }
  return spikes;
}

void expect_near(const std::vector<double>& times, const std::vector<double>& truth, double tolerance) {
  ASSERT_GT(truth.size(), 3U);
  ASSERT_EQ(times.size(), truth.size());
  for (std::size_t k = 0; k < times.size(); ++k) EXPECT_NEAR(times[k], truth[k], tolerance) << k;
}

TEST(Izhikevich, FiresWhenItsEquationsSaySo) {
  const auto truth = midpoint_spikes(-65, 0.2 * -65, 30, -65, 8, [](double v, double u) {
    return std::pair(0.04 * v * v + 5 * v + 140 - u + 10, 0.02 * (0.2 * v - u));
  });
  ClockRun run("population { name: 'n' size: 1 izhikevich { I_e { constant: 10 } } }",
               {0.01, Integrator::kExact, Interpolation::kCubic, GridConvention::kNest});
  expect_near(run.until(150).times(0, 0), truth, 1e-3);
}

TEST(AdEx, FiresWhenItsEquationsSaySo) {
  const auto truth = midpoint_spikes(-70.6, 0, 0, -60, 80.5, [](double V, double w) {
    V = std::min(V, 0.0);
    const double spike = 2 * std::exp((V + 50.4) / 2);
    return std::pair((30 * (spike - (V + 70.6)) - w + 900) / 281, (4 * (V + 70.6) - w) / 144);
  });
  ClockRun run("population { name: 'n' size: 1 adex { I_e { constant: 900 } } }",
               {0.001, Integrator::kExact, Interpolation::kCubic, GridConvention::kNest});
  expect_near(run.until(150).times(0, 0), truth, 2e-3);  // some quarter of a step for each upstroke
}

TEST(AdEx, AStepIntoTheUpstrokeLeavesTheAdaptationAlone) {
  const auto spikes = [](double dt, Integrator integrator) {
    ClockRun run("population { name: 'n' size: 1 adex { I_e { constant: 900 } } }", {dt, integrator});
    return run.until(400).times(0, 0);
  };
  const std::vector<double> fine = spikes(0.001, Integrator::kRungeKutta4);
  ASSERT_EQ(fine.size(), 11U);
  for (const Integrator integrator : {Integrator::kRungeKutta4, Integrator::kEuler}) {
    const std::vector<double> coarse = spikes(0.1, integrator);
    ASSERT_EQ(coarse.size(), fine.size());
    for (std::size_t k = 0; k < fine.size(); ++k) EXPECT_NEAR(coarse[k], fine[k], 0.02 * fine[k] + 0.5) << k;
  }
}

TEST(AdEx, ManyStepsAboveThePeakStayFinite) {
  // Half a millisecond is far too long for the upstroke: V overshoots, the neuron fires and goes on.
  ClockRun run("population { name: 'n' size: 1 adex { I_e { constant: 900 } } }", {0.5, Integrator::kEuler});
  run.until(500);
  EXPECT_GT(run.spikes().size(), 10U);
  EXPECT_TRUE(std::isfinite(run.engine().potential(0, NeuronId{0})));
}

}  // namespace
}  // namespace chronotope::tests
