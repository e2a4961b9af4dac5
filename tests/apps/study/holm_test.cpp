// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/study/holm.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <random>

namespace chronotope::apps {
namespace {

/// Holm's procedure is the closed test of Bonferroni's: a hypothesis is rejected when every set of hypotheses
/// that it belongs to is, a set when its smallest p is below alpha / size.
double by_closed_testing(const std::vector<double>& p, std::size_t i) {
  double adjusted = 0;
  for (unsigned set = 1; set < 1U << p.size(); ++set) {
    if ((set >> i & 1) == 0) continue;
    double smallest = 1;
    for (std::size_t j = 0; j < p.size(); ++j)
      if ((set >> j & 1) != 0) smallest = std::min(smallest, p[j]);
    adjusted = std::max(adjusted, std::min(1.0, std::popcount(set) * smallest));
  }
  return adjusted;
}

TEST(Holm, OfFourIsThatByHand) {
  const std::vector<double> adjusted = holm(std::vector{0.04, 0.01, 0.03, 0.02});
  EXPECT_DOUBLE_EQ(adjusted[0], 0.06);
  EXPECT_DOUBLE_EQ(adjusted[1], 0.04);
  EXPECT_DOUBLE_EQ(adjusted[2], 0.06);
  EXPECT_DOUBLE_EQ(adjusted[3], 0.06);
}

TEST(Holm, IsTheClosedTestOfBonferronis) {
  std::mt19937 bits(1);
  for (int family = 0; family < 500; ++family) {
    std::vector<double> p(1 + bits() % 6);
    for (double& x : p) x = static_cast<double>(bits() % 20) / 40;  // with ties
    const auto adjusted = holm(p);
    for (std::size_t i = 0; i < p.size(); ++i) EXPECT_DOUBLE_EQ(adjusted[i], by_closed_testing(p, i));
  }
}

TEST(Holm, LeavesOutWhatWasNotTested) {
  const double nan = std::nan("");
  const auto adjusted = holm(std::vector{nan, 0.02, nan, 0.01});
  EXPECT_TRUE(std::isnan(adjusted[0]) && std::isnan(adjusted[2]));
  EXPECT_DOUBLE_EQ(adjusted[1], 0.02);
  EXPECT_DOUBLE_EQ(adjusted[3], 0.02);
  EXPECT_TRUE(holm(std::vector<double>{}).empty());
  EXPECT_TRUE(std::isnan(holm(std::vector{nan})[0]));
}

}  // namespace
}  // namespace chronotope::apps
