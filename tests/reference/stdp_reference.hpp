// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "chronotope/tests/reference/decimal_time.hpp"
#include "chronotope/tests/reference/real.hpp"

namespace chronotope::reference {

/// Pair STDP, all-to-all, on the magnitude w of a weight in [w_min, w_max], s = w_max - w_min:
///   potentiation(w) = A_plus s ((w_max - w) / s)^mu_plus,  depression(w) = A_minus s ((w - w_min) /
///   s)^mu_minus;
/// mu = 0 makes the power 1 (additive), mu = 1 is multiplicative.  tau [ms], w in the weight's unit.
struct StdpParameters {
  double tau_plus = 20;
  double tau_minus = 20;
  double A_plus = 0.01;
  double A_minus = 0.0105;
  double w_min = 0;
  double w_max = 60;
  double mu_plus = 1;
  double mu_minus = 1;
};

Real potentiation(const StdpParameters& parameters, const Real& w);
Real depression(const StdpParameters& parameters, const Real& w);
Real clamped(const StdpParameters& parameters, const Real& w);

/// The eager trace form: one synapse with its private traces x (of arrivals) and y (of postsynaptic spikes).
/// Events come in time order; at one instant arrivals before postsynaptic spikes.
class StdpSynapse {
 public:
  /// Requires: w_min <= magnitude <= w_max.
  StdpSynapse(const StdpParameters& parameters, const Real& magnitude)
      : parameters_(parameters), magnitude_(magnitude) {}

  const Real& magnitude() const { return magnitude_; }
  /// w -= depression(w) y;  clamp;  x += 1.
  void arrival(const Rational& t);
  /// w += potentiation(w) x;  clamp;  y += 1.
  void post_spike(const Rational& t);

 private:
  void decay(const Rational& t);

  StdpParameters parameters_;
  Real magnitude_;
  Real x_ = 0, y_ = 0;
  Rational now_ = 0;
};

/// The same rule without traces, O(n^2): at every event the sum of exp(-|dt| / tau) over all earlier
/// partners, an arrival at the time of a postsynaptic spike being earlier. Returns the final magnitude.
/// Requires: both lists sorted.
Real all_pairs_weight(const StdpParameters& parameters, double magnitude,
                      const std::vector<Rational>& arrivals, const std::vector<Rational>& post_spikes);

/// The times that are meant [ms].
std::vector<Rational> stated_times(const std::vector<double>& times);

}  // namespace chronotope::reference
