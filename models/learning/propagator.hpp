// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "chronotope/core/exponential.hpp"

namespace chronotope::models {

/// (e^x - 1 - x)/x^2 = even + odd for |x| < 0.3, by its series: even holds the even powers of x, so that the
/// value at -x is even - odd. The first term left out is below 2^-54 of the sum.
struct Psi2Series {
  double even;
  double odd;

  static Psi2Series at(double x) {
    const double z = x * x;
    return {1. / 2 +
                z * (1. / 24 + z * (1. / 720 + z * (1. / 40320 + z * (1. / 3628800 + z * (1. / 479001600))))),
            x * (1. / 6 +
                 z * (1. / 120 +
                      z * (1. / 5040 + z * (1. / 362880 + z * (1. / 39916800 + z * (1. / 6227020800))))))};
  }
};

/// Below this |x| the quotients of psi1 and psi2 would cancel and the series serves.
inline constexpr double kPsiSeriesEnd = 0.3;

/// (e^x - 1 - x)/x^2, 1/2 at 0.
inline double psi2(double x) {
  if (std::abs(x) >= kPsiSeriesEnd) return (expm1(x) - x) / (x * x);
  const Psi2Series s = Psi2Series::at(x);
  return s.even + s.odd;
}

/// (e^x - 1)/x, 1 at 0.
inline double psi1(double x) { return std::abs(x) < kPsiSeriesEnd ? 1 + x * psi2(x) : expm1(x) / x; }

/// What an interval of h ms leaves of a membrane's distance from rest: a = e^(-h/tau_m).
struct MembranePropagator {
  double a;
  double one_minus_a;

  static MembranePropagator over(double h, double tau_m) { return {exp(-h / tau_m), -expm1(-h / tau_m)}; }
};

/// What an interval of h ms makes of a synaptic current I_0 e^(-t/tau_s) and of V under it, C_m = 1:
///
///   rho = e^(-h/tau_s)          I(h) = rho I_0,   V(h) = a V_0 + phi I_0/C_m
///   phi = (rho - a)/(1/tau_m - 1/tau_s) = a h psi1(x),   x = h (1/tau_m - 1/tau_s)
///   dphi/dtau_m = a h^2 psi2(x)/tau_m^2,   dphi/dtau_s = rho h^2 psi2(-x)/tau_s^2
///
/// No pair of time constants is singular: for |x| < 0.3 the series of psi2 serves, else the quotients, whose
/// exponentials do not overflow. Times in ms. Each is within 1e-14 of its exact value.
struct SynapticPropagator {
  double rho;
  double phi;          // [ms]
  double dphi_dtau_m;  // [1]
  double dphi_dtau_s;  // [1]

  /// a and rho are already known: two exponentials per interval serve both receptors of equal constants.
  static SynapticPropagator of(double h, double tau_m, double tau_s, double a, double rho) {
    const double difference = rate_difference(tau_m, tau_s);
    const double x = h * difference;
    if (std::abs(x) >= kPsiSeriesEnd) {
      const double phi = (rho - a) / difference;
      return {rho, phi, (phi - a * h) / (difference * tau_m * tau_m),
              (h * rho - phi) / (difference * tau_s * tau_s)};
    }
    const auto [even, odd] = Psi2Series::at(x);
    return {rho, a * h * (1 + x * (even + odd)), a * h * h * (even + odd) / (tau_m * tau_m),
            rho * h * h * (even - odd) / (tau_s * tau_s)};
  }
  /// phi alone, rate_difference being 1/tau_m - 1/tau_s.
  static double response(double h, double rate_difference, double a, double rho) {
    const double x = h * rate_difference;
    if (std::abs(x) >= kPsiSeriesEnd) return (rho - a) / rate_difference;
    const auto [even, odd] = Psi2Series::at(x);
    return a * h * (1 + x * (even + odd));
  }
  static double rate_difference(double tau_m, double tau_s) { return (tau_s - tau_m) / (tau_m * tau_s); }
  static SynapticPropagator over(double h, double tau_m, double tau_s) {
    return of(h, tau_m, tau_s, exp(-h / tau_m), exp(-h / tau_s));
  }
};

/// The divided difference of the exponential over ascending nodes, exp[y_0, ..., y_n]; equal nodes make it a
/// derivative. Nodes within 1 of each other take the series e^(y_0) sum_k h_k(y - y_0)/(n + k)!, h_k the
/// complete homogeneous polynomial, all terms of one sign; wider ones the recursion, which then loses no more
/// than a digit. Source: C. de Boor, "Divided differences", Surveys in Approximation Theory 1 (2005).
template <std::size_t Nodes>
double exp_divided_difference(const std::array<double, Nodes>& y) {
  constexpr int kOrder = static_cast<int>(Nodes) - 1;
  constexpr int kTerms = 20;  // 1/20! < 2^-61
  if constexpr (Nodes == 1) return exp(y[0]);
  if (y[kOrder] - y[0] > 1) {
    if constexpr (Nodes > 1) {
      std::array<double, Nodes - 1> lower, upper;
      std::copy_n(y.begin(), Nodes - 1, lower.begin());
      std::copy_n(y.begin() + 1, Nodes - 1, upper.begin());
      return (exp_divided_difference(upper) - exp_divided_difference(lower)) / (y[kOrder] - y[0]);
    }
  }
  std::array<double, kTerms> polynomial{1};
  for (std::size_t j = 1; j < Nodes; ++j)
    for (std::size_t k = 1; k < kTerms; ++k) polynomial[k] += (y[j] - y[0]) * polynomial[k - 1];
  double sum = 0, factorial = 1;
  for (int i = 2; i <= kOrder; ++i) factorial *= i;
  for (int k = 0; k < kTerms; ++k) {
    sum += polynomial[static_cast<std::size_t>(k)] / factorial;
    factorial *= kOrder + k + 1;
  }
  return exp(y[0]) * sum;
}

/// Phi = int_0^h phi dt and its derivatives, what a loss on the integral of V needs:
///
///   Phi = [tau_s (1 - rho) - tau_m (1 - a)]/(1/tau_m - 1/tau_s), equal constants: tau^2 (1 - a) - tau h a
///
/// It is h^2 exp[0, -h/tau_m, -h/tau_s], and a derivative by a time constant doubles that constant's node:
/// no digits are lost for short intervals or near constants. Each is within 1e-13 of its exact value; costs
/// about ten exponentials.
struct IntegratedResponse {
  double Phi;          // [ms^2]
  double dPhi_dtau_m;  // [ms]
  double dPhi_dtau_s;  // [ms]

  static IntegratedResponse over(double h, double tau_m, double tau_s) {
    const double m = -h / tau_m, s = -h / tau_s;
    return {h * h * exp_divided_difference(ascending(std::array{0., m, s})),
            h * h * h / (tau_m * tau_m) * exp_divided_difference(ascending(std::array{0., m, m, s})),
            h * h * h / (tau_s * tau_s) * exp_divided_difference(ascending(std::array{0., m, s, s}))};
  }

 private:
  template <std::size_t Nodes>
  static std::array<double, Nodes> ascending(std::array<double, Nodes> nodes) {
    std::sort(nodes.begin(), nodes.end());
    return nodes;
  }
};

}  // namespace chronotope::models
