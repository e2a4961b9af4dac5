// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/study/mcnemar_test.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace chronotope::apps {
namespace {

/// The same by counting: both tails of Pascal's row.
double counted(std::size_t first, std::size_t second) {
  const std::size_t n = first + second, fewer = std::min(first, second);
  double sum = 0, choose = 1;
  for (std::size_t k = 0; k <= n; ++k) {
    if (k <= fewer || n - k <= fewer) sum += choose;
    choose *= static_cast<double>(n - k) / static_cast<double>(k + 1);
  }
  return sum / std::pow(2.0, static_cast<double>(n));
}

TEST(McnemarTest, IsTheShareOfSplitsAsUneven) {
  for (std::size_t first = 0; first < 30; ++first)
    for (std::size_t second = 0; second < 30; ++second)
      EXPECT_NEAR(mcnemar_test(first, second), counted(first, second), 1e-12) << first << " " << second;
}

// R: binom.test(6, 22)$p.value and mcnemar's textbook example of 59 against 6 pairs.
TEST(McnemarTest, KnownSplits) {
  EXPECT_EQ(mcnemar_test(0, 0), 1);
  EXPECT_NEAR(mcnemar_test(0, 5), 0.0625, 1e-15);
  EXPECT_NEAR(mcnemar_test(16, 6), 0.05247879, 1e-8);
}

}  // namespace
}  // namespace chronotope::apps
