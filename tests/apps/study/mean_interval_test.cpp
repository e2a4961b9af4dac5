// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/study/mean_interval.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <random>
#include <vector>

namespace chronotope::apps {
namespace {

TEST(MeanInterval, OfFiveValuesIsThatOfTheTable) {
  const MeanInterval m = mean_interval(std::vector{1.0, 2.0, 3.0, 4.0, 5.0});
  EXPECT_EQ(m.mean, 3);
  EXPECT_DOUBLE_EQ(*m.sd, std::sqrt(2.5));
  EXPECT_NEAR(m.interval->high - 3, 1.963243161477561, 1e-13);  // scipy.stats.t.ppf(0.975, 4) sqrt(2.5 / 5)
  EXPECT_NEAR(3 - m.interval->low, 1.963243161477561, 1e-13);
}

TEST(MeanInterval, OfFewValuesSaysNoMoreThanTheyDo) {
  const MeanInterval one = mean_interval(std::vector{2.0});
  EXPECT_EQ(one.mean, 2);
  EXPECT_FALSE(one.sd || one.interval);
  const MeanInterval two = mean_interval(std::vector{2.0, 4.0});
  EXPECT_DOUBLE_EQ(*two.sd, std::sqrt(2.0));
  EXPECT_FALSE(two.interval);
}

TEST(MeanInterval, HoldsTheExpectationAsOftenAsItSays) {
  std::mt19937 bits(2);
  std::normal_distribution<double> normal(5, 2);
  int held = 0;
  constexpr int kDraws = 4000;
  for (int k = 0; k < kDraws; ++k) {
    std::array<double, 8> values{};
    for (double& x : values) x = normal(bits);
    const MeanInterval m = mean_interval(values);
    held += m.interval->low <= 5 && 5 <= m.interval->high ? 1 : 0;
  }
  EXPECT_NEAR(held, 0.95 * kDraws, 4 * std::sqrt(0.95 * 0.05 * kDraws));
}

}  // namespace
}  // namespace chronotope::apps
