// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/divergence/shuffled_scores.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "chronotope/tests/topology/divergence/readme_clouds.hpp"
#include "chronotope/topology/divergence/rtd.hpp"

namespace chronotope::topology {
namespace {

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
