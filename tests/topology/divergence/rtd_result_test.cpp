// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/divergence/rtd_result.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace chronotope::topology {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(SummariseTrials, TakesMeanAndSpreadOfTheScores) {
  const Barcode two({{0, 2}});
  const Barcode four({{1, 2}, {0, 3}});
  const Barcode never({{0, kInfinity}, {1, 1.5}, {2, kInfinity}});
  const RtdResult result = summarise_trials(50, 20, {{two, four}, {four, never}, {two, two}});
  // Scores (2 + 4) / 2, (4 + 0.5) / 2 and 2; squares about their mean 29 / 12.
  EXPECT_EQ(result.trial_scores[1].ab, 4);
  EXPECT_EQ(result.trial_scores[1].ba, 0.5);
  EXPECT_NEAR(result.rtd, 29.0 / 12, 1e-15);
  EXPECT_NEAR(result.rtd_ab, 8.0 / 3, 1e-15);
  EXPECT_NEAR(result.rtd_ba, 6.5 / 3, 1e-15);
  EXPECT_NEAR(result.sd, std::sqrt((49 + 4 + 25) / 144.0 / 2), 1e-15);
  EXPECT_NEAR(result.se, result.sd / std::sqrt(3), 1e-15);
  EXPECT_EQ(result.infinite_bars, 2u);
  EXPECT_EQ(result.n, 50u);
  EXPECT_EQ(result.batch, 20u);
  EXPECT_EQ(result.trials, 3u);
}

TEST(SummariseTrials, OfOneTrialHasNoSpread) {
  const RtdResult result = summarise_trials(5, 500, {{Barcode({{0, 2}}), Barcode({{0, 1}})}});
  EXPECT_EQ(result.rtd, 1.5);
  EXPECT_EQ(result.sd, 0);
  EXPECT_EQ(result.se, 0);
  EXPECT_EQ(result.batch, 5u);
}

}  // namespace
}  // namespace chronotope::topology
