// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/truncated_rank.hpp"

#include <algorithm>
#include <cmath>

#include "chronotope/core/error.hpp"
#include "chronotope/core/exponential.hpp"
#include "chronotope/core/gamma_quantile.hpp"

namespace chronotope {
namespace {

constexpr double kEnd = 9;  // no drawn z is farther out (52 bits)

/// P(Z < z).
double below(double z) { return z < 0 ? exp(log_normal_tail(z)) : 1 - exp(log_normal_tail(z)); }

/// The z <= 0 with P(Z < z) = p: Newton's method on the logarithm, inside a bracket. Requires: 0 < p <= 1/2.
double rank_of_lower_tail(double p) {
  constexpr double kRootTwoPi = 2.50662827463100050242;
  const double wanted = log(p);
  double low = -40, high = 0;
  double z = -std::sqrt(std::max(0.0, -2 * (wanted + log(2.0))));
  for (int i = 0; i < 100; ++i) {
    const double tail = log_normal_tail(z);
    (tail > wanted ? high : low) = z;
    const double slope = exp(-z * z / 2 - tail) / kRootTwoPi;
    double next = z - (tail - wanted) / slope;
    if (!(next > low && next < high)) next = low + (high - low) / 2;
    if (std::abs(next - z) <= 1e-15 * std::max(1.0, std::abs(z))) return next;
    z = next;
  }
  return z;  // the bracket has shrunk to two neighbours
}

/// The lowest rank whose value is at least `bound`. Requires: that of kEnd is, that of -kEnd not.
double rank_of(const ParameterDistribution& distribution, double bound) {
  double low = -kEnd, high = kEnd;
  for (int i = 0; i < 60; ++i) {
    const double middle = low + (high - low) / 2;
    (distribution.at_normal_rank(middle) < bound ? low : high) = middle;
  }
  return high;
}

}  // namespace

TruncatedRank::TruncatedRank(const ParameterDistribution& distribution) {
  const double min = distribution.min(), max = distribution.max();
  const double least = distribution.at_normal_rank(-kEnd), most = distribution.at_normal_rank(kEnd);
  if (min > most || max < least) throw InputError("no value falls between min and max");
  if (min > least) cut_below_ = below(rank_of(distribution, min));
  if (max < most) cut_above_ = below(-rank_of(distribution, max));
  if (1 - cut_below_ - cut_above_ < 1e-5)
    throw InputError("less than one value in 100000 falls between min and max");
}

double TruncatedRank::operator()(double z) const {
  if (cut_below_ == 0 && cut_above_ == 0) return z;
  const double inside = 1 - cut_below_ - cut_above_;
  const double p = cut_below_ + below(z) * inside;
  return p <= 0.5 ? rank_of_lower_tail(p) : -rank_of_lower_tail(cut_above_ + below(-z) * inside);
}

}  // namespace chronotope
