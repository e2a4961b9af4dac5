// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/gamma_quantile.hpp"

#include <cmath>
#include <limits>

#include "chronotope/core/error.hpp"
#include "chronotope/core/exponential.hpp"

namespace chronotope {
namespace {

constexpr double kEpsilon = std::numeric_limits<double>::epsilon();

/// ln Gamma(a): Stirling's series above 16, reached by the recurrence.
double log_gamma(double a) {
  double product = 1;
  for (; a < 16; a += 1) product *= a;
  const double r = 1 / (a * a);
  const double series = (1.0 / 12 - r * (1.0 / 360 - r * (1.0 / 1260 - r * (1.0 / 1680 - r / 1188)))) / a;
  constexpr double kHalfLogTwoPi = 0.91893853320467274178;
  return (a - 0.5) * log(a) - a + kHalfLogTwoPi + series - log(product);
}

/// ln(x^a e^-x / Gamma(a)): the density times x.
double log_density(double a, double x) { return a * log(x) - x - log_gamma(a); }

/// ln P(a, x). Requires: x < a + 1, where it converges fast.
double log_lower_series(double a, double x) {
  double term = 1 / a;
  double sum = term;
  for (double n = a + 1; term > sum * kEpsilon / 4; n += 1) sum += term *= x / n;
  return log_density(a, x) + log(sum);
}

/// ln Q(a, x) by the continued fraction 1/(x + 1 - a - 1(1 - a)/(x + 3 - a - ...)) (modified Lentz).
/// Requires: x >= a + 1.
double log_upper_fraction(double a, double x) {
  double b = x + 1 - a;
  double c = std::numeric_limits<double>::max();
  double d = 1 / b;
  double value = d;
  for (int i = 1; i < 10000; ++i) {
    const double an = -i * (i - a);
    b += 2;
    d = 1 / (an * d + b);
    c = b + an / c;
    value *= c * d;
    if (std::abs(c * d - 1) < 2 * kEpsilon) break;
  }
  return log_density(a, x) + log(value);
}

/// ln of the tail below x, or above it.
double log_tail(double a, double x, bool lower) {
  const bool series = x < a + 1;
  const double known = series ? log_lower_series(a, x) : log_upper_fraction(a, x);
  return series == lower ? known : log1p(-exp(known));
}

/// Wilson and Hilferty's approximation, or that of the leading power of x near 0.
double first_guess(double a, double z, double log_p) {
  const double cube_root = 1 - 1 / (9 * a) + z / (3 * std::sqrt(a));
  if (cube_root > 0.3) return log(a * cube_root * cube_root * cube_root);
  return (log_p + log_gamma(a + 1)) / a;
}

}  // namespace

// Half of Q(1/2, z^2/2).
double log_normal_tail(double z) { return z == 0 ? log(0.5) : log_tail(0.5, z * z / 2, false) + log(0.5); }

double gamma_at_normal_rank(double shape, double z) {
  const bool lower = z <= 0;
  const double wanted = log_normal_tail(z);
  const double log_p = lower ? wanted : log1p(-exp(wanted));
  // Below e^-40 the leading power of x is all of P, and below the smallest double so is 0.
  const double leading = (log_p + log_gamma(shape + 1)) / shape;
  if (leading < -40) return exp(leading);
  double y = first_guess(shape, z, log_p);  // ln x
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  for (int i = 0; i < 200; ++i) {
    const double x = exp(y);
    const double tail = log_tail(shape, x, lower);
    const double error = lower ? tail - wanted : wanted - tail;  // > 0: x is too large
    (error > 0 ? high : low) = y;
    const double slope = exp(log_density(shape, x) - tail);  // of the tail's logarithm by y
    double next = y - error / slope;
    if (!(next > low && next < high)) next = 0.5 * (std::max(low, y - 1) + std::min(high, y + 1));
    if (std::abs(next - y) <= 1e-14 * std::max(1.0, std::abs(y))) return exp(next);
    y = next;
  }
  throw Failure("the gamma quantile of shape " + to_string(shape) + " at " + to_string(z) +
                " was not found in 200 steps");
}

}  // namespace chronotope
