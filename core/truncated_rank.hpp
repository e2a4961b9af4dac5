// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chronotope/core/distribution.hpp"

namespace chronotope {

/// Makes the rank of a standard normal z one among the values of a distribution that lie within its bounds:
///     P(Z < r(z)) = P(Z < low) + P(Z < z) P(low < Z < high),   low and high the ranks of the bounds.
/// So distribution.at_normal_rank(r(z)) follows the distribution truncated to its bounds when z is normal:
/// the law that drawing again until a value is within them gives, from one z. Without bounds r(z) = z, bit
/// for bit.
///
/// Cost: making one some 120 quantiles, using it with bounds about five tails of the normal distribution.
class TruncatedRank {
 public:
  /// Throws InputError when less than one value in 100,000 is within the bounds.
  explicit TruncatedRank(const ParameterDistribution& distribution);

  double operator()(double z) const;

 private:
  double cut_below_ = 0;  // probability
  double cut_above_ = 0;
};

}  // namespace chronotope
