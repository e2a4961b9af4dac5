// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/truncated_rank.hpp"

#include <gtest/gtest.h>

#include <boost/math/distributions/normal.hpp>

#include "chronotope/core/error.hpp"

namespace chronotope {
namespace {

TEST(TruncatedRank, EqualsTheDefinition) {
  const boost::math::normal normal;
  for (const auto& [min, max] : {std::pair(-1.5, 0.3), {0.8, 8.0}, {-20.0, -1.0}, {-6.0, 7.0}, {3.0, 3.5}}) {
    const TruncatedRank rank(ParameterDistribution(Normal{0, 1}, min, max));
    const double low = cdf(normal, min), high = cdf(complement(normal, max));
    for (double z = -8; z <= 8; z += 0.31) {
      const double lower = low + cdf(normal, z) * (1 - low - high);
      const double upper = high + cdf(complement(normal, z)) * (1 - low - high);
      const double expected = lower < 0.5 ? quantile(normal, lower) : quantile(complement(normal, upper));
      EXPECT_NEAR(rank(z), expected, 1e-11) << min << " " << max << " at " << z;
    }
  }
}

TEST(TruncatedRank, WithoutBoundsChangesNoBit) {
  const TruncatedRank rank(ParameterDistribution(Gamma{20, 0.5}, 0));
  for (const double z : {-8.3, -0.1, 0.0, 1.0 / 3, 7.9}) EXPECT_EQ(rank(z), z);
}

TEST(TruncatedRank, BoundsThatOnlyOneValueInAMillionMeetsAreRefused) {
  EXPECT_THROW(TruncatedRank(ParameterDistribution(Normal{0, 1}, 5)), InputError);
  EXPECT_THROW(TruncatedRank(ParameterDistribution(Uniform{0, 1}, 2, 3)), InputError);
}

TEST(TruncatedRank, DistributionsOfAnySpreadHaveOne) {
  for (const double cv : {1e-3, 3.0, 30.0}) {
    const TruncatedRank rank(ParameterDistribution(Gamma{20, cv}, 1e-9, 1e3));
    EXPECT_LT(rank(-1), rank(1)) << cv;
  }
}

}  // namespace
}  // namespace chronotope
