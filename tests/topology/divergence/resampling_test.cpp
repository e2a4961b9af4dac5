// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/divergence/resampling.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "chronotope/tests/topology/representation/readme_clouds.hpp"
#include "chronotope/topology/divergence/rtd.hpp"

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

TEST(ShuffledScores, OfANoisyCopyAreFarAboveItsScore) {
  const Readme clouds(60, 3);
  std::vector<double> noisy;
  for (std::size_t i = 0; i < 60; ++i)
    for (std::size_t c = 0; c < 3; ++c) noisy.push_back(clouds.P(i, c) + 0.05 * clouds.Q(i, c));
  const PointCloud copy(60, 3, noisy);
  const RtdOptions options{.batch = 40, .trials = 2, .seed = 1};
  const auto shuffled = shuffled_scores(clouds.P, copy, options, 5);
  ASSERT_EQ(shuffled.size(), 5u);
  for (const double score : shuffled) EXPECT_GT(score, 5 * rtd(clouds.P, copy, options).rtd);
  EXPECT_EQ(shuffled_scores(clouds.P, copy, options, 5), shuffled);
}

}  // namespace
}  // namespace chronotope::topology
