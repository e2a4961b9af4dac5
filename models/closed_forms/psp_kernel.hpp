// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

#include "chronotope/core/exponential.hpp"

namespace chronotope::models {

/// Potential per unit of initial current after t: the response of a membrane to a current e^(-t/tau_s),
///   k(t) = tau_s/(tau_s - tau_m) (e^(-t/tau_s) - e^(-t/tau_m)),   k(t) = (t/tau_m) e^(-t/tau_m) for equal
///   constants.
/// Written with the slower decay in front and expm1 of the difference of the rates, it loses no digits
/// however close the two constants are; only exactly equal ones need the limit.
inline double psp_kernel(double t, double tau_m, double tau_s) {
  if (tau_m == tau_s) return t / tau_m * exp(-t / tau_m);
  const double slow = std::max(tau_m, tau_s);
  const double fast = std::min(tau_m, tau_s);
  const double rate = (slow - fast) / (slow * fast);
  return exp(-t / slow) * -expm1(-rate * t) / (rate * tau_m);
}

/// (1 - (1 + z) e^-z)/z^2 for z >= 0: 1/2 at 0. Below one half the series, where the formula would cancel.
inline double ramp_shape_fast(double z) {
  if (z > 0.5) return (-expm1(-z) - z * exp(-z)) / (z * z);
  double sum = 0;
  double power = 0.5;  // (-z)^n/(n + 2)!
  for (int n = 0; n < 14; power *= -z / (++n + 2)) sum += (n + 1) * power;
  return sum;
}

/// (e^-z - 1 + z)/z^2 for z >= 0: 1/2 at 0.
inline double ramp_shape_slow(double z) {
  if (z > 0.5) return (expm1(-z) + z) / (z * z);
  double sum = 0;
  double power = 0.5;
  for (int n = 0; n < 14; power *= -z / (++n + 2)) sum += power;
  return sum;
}

/// The response of a membrane to a current t e^(-t/tau_s), which starts from 0 with unit slope:
///   k(t) = (1/tau_m) integral from 0 to t of u e^(-u/tau_s) e^(-(t - u)/tau_m) du  [ms].
/// With z = |1/tau_s - 1/tau_m| t and the slower decay in front it is t^2/tau_m times one of the shapes
/// above, and loses no digits however close the two constants are.
inline double ramp_kernel(double t, double tau_m, double tau_s) {
  const double slow = std::max(tau_m, tau_s);
  const double fast = std::min(tau_m, tau_s);
  const double z = (slow - fast) / (slow * fast) * t;
  return t * t / tau_m * exp(-t / slow) * (tau_s < tau_m ? ramp_shape_fast(z) : ramp_shape_slow(z));
}

}  // namespace chronotope::models
