// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/divergence/resampling.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace chronotope::topology {
namespace {

TEST(Resampling, TakesTheCentralQuantiles) {
  const std::array values = {5.0, 1.0, 3.0, 2.0, 4.0};
  const Interval half = central_interval(values, 0.5);
  EXPECT_EQ(half.low, 2);
  EXPECT_EQ(half.high, 4);
  EXPECT_EQ(central_interval(std::array{7.0}, 0.95).low, 7);
}

TEST(Resampling, CoversTheMeanAboutAsWideAsTheNormalInterval) {
  std::vector<double> values;
  NumpyRandom random(3);
  for (int k = 0; k < 200; ++k) values.push_back(random.uniform());
  const Interval interval = bootstrap_interval(values, 0.95, 2000, random);
  const double standard_error = std::sqrt(1.0 / 12 / 200);
  EXPECT_NEAR(interval.high - interval.low, 2 * 1.96 * standard_error, 0.3 * 3.92 * standard_error);
}

TEST(Resampling, OfEqualValuesHasNoWidth) {
  NumpyRandom random(3);
  const Interval interval = bootstrap_interval(std::array{2.5, 2.5, 2.5}, 0.95, 100, random);
  EXPECT_EQ(interval.low, 2.5);
  EXPECT_EQ(interval.high, 2.5);
}

}  // namespace
}  // namespace chronotope::topology
