// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/gamma_quantile.hpp"

#include <gtest/gtest.h>

#include <boost/math/distributions/normal.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>

namespace chronotope {
namespace {

TEST(GammaQuantile, EqualsBoostMathsInverseOfTheSmallerTail) {
  const boost::math::normal normal;
  for (const double shape : {0.05, 0.3, 1.0, 3.0, 4.0, 15.0, 16.5, 400.0, 1e4})
    for (double z = -8; z <= 8; z += 0.37) {
      const double tail = cdf(normal, -std::abs(z));
      const double expected =
          z <= 0 ? boost::math::gamma_p_inv(shape, tail) : boost::math::gamma_q_inv(shape, tail);
      if (expected < 1e-290) continue;  // below what a double holds well
      EXPECT_NEAR(gamma_at_normal_rank(shape, z) / expected, 1, 1e-11) << shape << " at " << z;
    }
}

TEST(GammaQuantile, ShapeOneIsTheExponentialDistribution) {
  EXPECT_NEAR(gamma_at_normal_rank(1, 0), std::log(2.0), 1e-14);
}

TEST(GammaQuantile, ValuesBelowTheSmallestDoubleAreZero) {
  EXPECT_EQ(gamma_at_normal_rank(1e-3, -6), 0);
  EXPECT_NEAR(gamma_at_normal_rank(1, -11) / 1.9106595744986566e-28, 1, 1e-12);  // Phi(-11)
}

}  // namespace
}  // namespace chronotope
