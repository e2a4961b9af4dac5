// SPDX-License-Identifier: Apache-2.0
#include "chronotope/events/stimuli/leaky_integrator.hpp"

#include <algorithm>
#include <limits>

#include "chronotope/core/exponential.hpp"

namespace chronotope::events {

LeakyIntegrator::LeakyIntegrator(const Parameters& parameters, double sample_period)
    : parameters_(parameters),
      sample_period_(sample_period),
      sample_decay_(expm1(-sample_period / parameters.tau_m)) {}

double LeakyIntegrator::time_to_threshold(double u) const {
  if (v_ >= 1) return 0;  // it got there at the very end of the sample before
  if (u <= 1) return std::numeric_limits<double>::infinity();
  return parameters_.tau_m * log1p((1 - v_) / (u - 1));
}

void LeakyIntegrator::hold(double u, double start, std::vector<double>& spikes) {
  const double end = start + sample_period_;
  for (double now = std::max(start, ready_); now < end; now = ready_) {
    const double crossing = now + time_to_threshold(u);
    if (crossing >= end) {
      v_ += (v_ - u) * (now == start ? sample_decay_ : expm1(-(end - now) / parameters_.tau_m));
      return;
    }
    spikes.push_back(crossing);
    v_ = 0;
    ready_ = crossing + parameters_.t_ref;
  }
}

}  // namespace chronotope::events
