// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

namespace chronotope::events {

/// Turns a drive that is constant from sample to sample into spikes, at exact times between the samples:
///   tau_m dv/dt = -v + u,   a spike where v reaches 1,   then v = 0 for t_ref.
/// With constant u, v(t) = u + (v_0 - u) e^(-t/tau_m): the crossing is at tau_m log((u - v_0)/(u - 1)), and
/// no drive u <= 1 ever fires. Times [ms]; a crossing at the end of a sample belongs to the next one.
/// Cost: a division and a logarithm a sample whose drive can fire.
class LeakyIntegrator {
 public:
  struct Parameters {
    double tau_m = 5;  // membrane time constant [ms], > 0
    double t_ref = 5;  // refractory period [ms], > 0
  };

  /// `sample_period` [ms], > 0.
  LeakyIntegrator(const Parameters& parameters, double sample_period);

  /// Holds the drive at `u` over [start, start + sample_period) and appends the spikes of that interval.
  /// Requires: start is where the call before ended (up to rounding).
  void hold(double u, double start, std::vector<double>& spikes);

 private:
  double time_to_threshold(double u) const;

  Parameters parameters_;
  double sample_period_;
  double sample_decay_;  // e^(-sample_period/tau_m) - 1
  double v_ = 0;
  double ready_ = 0;  // end of the refractory period [ms]
};

}  // namespace chronotope::events
