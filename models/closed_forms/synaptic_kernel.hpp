// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>

#include "chronotope/core/exponential.hpp"
#include "chronotope/core/neuron_model.hpp"
#include "chronotope/models/closed_forms/psp_kernel.hpp"

namespace chronotope::models {

/// The largest value of psp_kernel, at t = ln(tau_m/tau_s)/(1/tau_s - 1/tau_m).
inline double psp_peak(double tau_m, double tau_s) {
  if (tau_m == tau_s) return psp_kernel(tau_m, tau_m, tau_m);
  const double difference = (tau_m - tau_s) / tau_s;
  return psp_kernel(log1p(difference) / (difference / tau_m), tau_m, tau_s);
}

/// One receptor's share of V in coordinates scaled from an origin: an arrival of weight w at t0 contributes
/// w R k(t - t0), k = psp_kernel. As a function of t that is A e^(-t/tau_m) + B u(t) with constants A and B:
///   separate time constants: u = e^(-t/tau_s),                B += w g e^(t0/tau_s), A -= w g e^(t0/tau_m),
///                            g = R tau_s/(tau_s - tau_m)
///   close ones:              u = e^(-t/tau_m) phi(t),         B += w g e^(t0/tau_s), A -= B phi(t0),
///                            g = R/tau_m,  phi(t) = (1 - e^(-delta t))/delta,  delta = 1/tau_s - 1/tau_m
/// Cancellation makes rounding errors g/R times larger in the first form and e^(delta t) times in the second;
/// the first is taken where g/R <= 10 or the second would lose more than e^3.
struct SynapticKernel {
  double rate;     // 1/tau_s
  double delta;    // 1/tau_s - 1/tau_m
  double gain;     // g
  double current;  // R I = current B e^(-t/tau_s)
  double peak;     // potential at most, per weight
  bool separate;

  /// For t in [0, span).
  static SynapticKernel make(double tau_m, double tau_s, double resistance, double span) {
    SynapticKernel k{};
    k.rate = 1 / tau_s;
    k.delta = (tau_m - tau_s) / (tau_s * tau_m);
    k.separate = std::abs(k.delta) * std::max(span / 3, 10 * tau_m) > 1;
    k.gain = k.separate ? resistance * tau_s / (tau_s - tau_m) : resistance / tau_m;
    k.current = resistance / k.gain;
    k.peak = resistance * psp_peak(tau_m, tau_s) * (1 + 1e-9);  // rounding must not make it too small
    return k;
  }

  double phi(double t) const { return delta == 0 ? t : -expm1(-delta * t) / delta; }
  double u(double t, double decay_m, double decay_s) const { return separate ? decay_s : decay_m * phi(t); }
  /// What one unit of weight adds to B and to A.
  double onto_B(double growth_s) const { return gain * growth_s; }
  double onto_A(double t, double growth_m, double growth_s) const {
    return -gain * (separate ? growth_m : growth_s * phi(t));
  }
  /// What arrivals about a middle add to A, with growth to there; for close constants by
  /// e^(t/tau_s) phi(t) = e^(t/tau_s) phi(middle) + e^(middle/tau_m) (e^(x/tau_s) - e^(x/tau_m))/delta at
  /// t = middle + x.
  double sum_onto_A(double growth_m, double growth_s, const ArrivalSums<2>& sums) const {
    if (separate) return -gain * (growth_m * sums.exponentials[0]);
    return -gain * (growth_s * phi(sums.middle.ms()) * sums.exponentials[1] +
                    growth_m * (sums.half.ms() * sums.difference));
  }
};

}  // namespace chronotope::models
