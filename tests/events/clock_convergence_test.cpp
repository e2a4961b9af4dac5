// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "chronotope/core/random_stream.hpp"
#include "chronotope/tests/reference/lif_reference.hpp"
#include "chronotope/tests/suites/run_on_clock.hpp"

namespace chronotope::tests {
namespace {

using events::ClockOptions;
using events::GridConvention;
using events::Integrator;
using events::Interpolation;

constexpr double kUntil = 4000;

/// One neuron with currents, driven above threshold and kicked some thirty times a second, at times on no
/// grid: its spikes in 50 digits, and on a clock.
class Convergence : public testing::Test {
 protected:
  Convergence() {
    RandomStream draw(11, Purpose("clock_convergence_test"), 0);
    neuron_.tau_m = 20;
    neuron_.C_m = 200;
    neuron_.E_L = neuron_.V_reset = neuron_.V_initial = -60;
    neuron_.V_th = -50;
    neuron_.t_ref = 2;
    neuron_.tau_syn_ex = 5;
    neuron_.tau_syn_in = 10;
    neuron_.I_e = 115;
    text_ = R"(population { name: 'n' size: 1 exp_psc_lif { tau_m { constant: 20 } C_m { constant: 200 }
      E_L { constant: -60 } V_reset { constant: -60 } V_th { constant: -50 } t_ref { constant: 2 } tau_syn_ex { constant: 5 }
      tau_syn_in { constant: 10 } I_e { constant: 115 } } }
      input { name: 'x' size: 2 )";
    std::vector<reference::Arrival> arrivals;
    for (double t = 1; t < kUntil; t -= 30 * std::log(draw.uniform())) {
      const int channel = draw.uniform() < 0.6 ? 0 : 1;
      const double at = std::round(t * 0x1p40) * 0x1p-40;  // the delay adds up without rounding
      text_ += "spike_times { neuron: " + std::to_string(channel) + " times: " + to_string(at) + " }\n";
      arrivals.push_back({at + 1.5, channel == 0 ? 40.0 : -40.0});
    }
    text_ += R"(} projection { source: 'x' target: 'n' synapses { source: 0 target: 0 weight: 40 delay: 1.5 }
      synapses { source: 1 target: 0 weight: -40 delay: 1.5 } })";
    for (const reference::Spike& spike : reference::run_lif(neuron_, arrivals, kUntil).spikes)
      truth_.push_back(static_cast<double>(spike.time));
  }

  /// The slope of log(median error) over log(dt).
  double slope(Integrator integrator, Interpolation interpolation, const std::vector<double>& steps) {
    double x = 0, y = 0, xx = 0, xy = 0;
    for (const double dt : steps) {
      const double log_dt = std::log(dt), log_error = std::log(median_error({dt, integrator, interpolation}));
      x += log_dt;
      y += log_error;
      xx += log_dt * log_dt;
      xy += log_dt * log_error;
    }
    const auto n = static_cast<double>(steps.size());
    return (n * xy - x * y) / (n * xx - x * x);
  }

  double median_error(const ClockOptions& options) {
    const auto times = ClockRun(text_, options).until(kUntil).times(0, 0);
    EXPECT_EQ(times.size(), truth_.size()) << "dt " << options.dt;
    if (times.size() != truth_.size()) return 0;
    std::vector<double> errors;
    for (std::size_t k = 0; k < times.size(); ++k) errors.push_back(std::abs(times[k] - truth_[k]));
    std::nth_element(errors.begin(), errors.begin() + static_cast<std::ptrdiff_t>(errors.size() / 2),
                     errors.end());
    return errors[errors.size() / 2];
  }

  const std::vector<double>& truth() const { return truth_; }

 private:
  reference::LifParameters neuron_;
  std::string text_;
  std::vector<double> truth_;
};

const std::vector<double> kCoarse{0.4, 0.2, 0.1, 0.05};
const std::vector<double> kFine{0.1, 0.05, 0.02, 0.01};

TEST_F(Convergence, SpikesOnTheGridAreOfFirstOrderWhateverTheIntegrator) {
  ASSERT_GT(truth().size(), 60U);
  EXPECT_NEAR(slope(Integrator::kExact, Interpolation::kNone, kFine), 1, 0.2);
  EXPECT_NEAR(slope(Integrator::kRungeKutta4, Interpolation::kNone, kFine), 1, 0.2);
  EXPECT_NEAR(slope(Integrator::kEuler, Interpolation::kNone, kFine), 1, 0.2);
}

TEST_F(Convergence, LinearInterpolationIsOfSecondOrder) {
  EXPECT_NEAR(slope(Integrator::kExact, Interpolation::kLinear, kFine), 2, 0.2);
  EXPECT_NEAR(slope(Integrator::kRungeKutta4, Interpolation::kLinear, kFine), 2, 0.2);
}

TEST_F(Convergence, CubicInterpolationIsOfFourthOrder) {
  EXPECT_NEAR(slope(Integrator::kExact, Interpolation::kCubic, kCoarse), 4, 0.3);
  EXPECT_NEAR(slope(Integrator::kRungeKutta4, Interpolation::kCubic, kCoarse), 4, 0.3);
}

TEST_F(Convergence, EulersErrorOfFirstOrderIsNotMendedByInterpolation) {
  EXPECT_NEAR(slope(Integrator::kEuler, Interpolation::kCubic, kFine), 1, 0.2);
}

}  // namespace
}  // namespace chronotope::tests
