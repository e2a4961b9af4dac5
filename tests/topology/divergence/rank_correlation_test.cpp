// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/divergence/rank_correlation.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace chronotope::topology {
namespace {

const std::vector<double> kOrdered = {1, 2, 3, 4, 5};
const std::vector<double> kSwapped = {2, 1, 4, 3, 5};
const std::vector<double> kTied = {1, 1, 2, 2, 2};
const std::vector<double> kEqual(5, 3.0);

TEST(Spearman, IsOneMinusSixTimesTheSquaredRankDifferences) {
  EXPECT_DOUBLE_EQ(spearman(kOrdered, kOrdered), 1);
  EXPECT_DOUBLE_EQ(spearman(kOrdered, kSwapped), 1 - 6. * 4 / (5 * 24));
  EXPECT_DOUBLE_EQ(spearman(kOrdered, std::vector<double>{9, 8, 7, 1, -5}), -1);
  EXPECT_DOUBLE_EQ(spearman(kOrdered, std::vector<double>{1, 10, 100, 1000, 1e300}), 1);
}

/// Ranks 0..4 and mid-ranks 0.5 0.5 3 3 3: covariance sum 7.5, squares 10 and 7.5.
TEST(Spearman, GivesTiesTheirMeanRank) {
  EXPECT_DOUBLE_EQ(spearman(kOrdered, kTied), 7.5 / std::sqrt(10 * 7.5));
}

/// 2 of 10 pairs discordant; with ties, 6 of 10 pairs untied in one, all concordant.
TEST(Kendall, CountsPairs) {
  EXPECT_DOUBLE_EQ(kendall_tau_b(kOrdered, kSwapped), 0.6);
  EXPECT_DOUBLE_EQ(kendall_tau_b(kOrdered, kTied), 6 / std::sqrt(10. * 6.));
}

TEST(RankCorrelation, WithEqualValuesIsUndefined) {
  EXPECT_TRUE(std::isnan(spearman(kOrdered, kEqual)));
  EXPECT_TRUE(std::isnan(kendall_tau_b(kEqual, kOrdered)));
}

}  // namespace
}  // namespace chronotope::topology
