// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/divergence/shuffled_scores.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "chronotope/tests/topology/divergence/readme_clouds.hpp"
#include "chronotope/topology/divergence/rtd.hpp"
#include "chronotope/topology/divergence/sampling.hpp"

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

/// The orders are those of numpy.random.seed(seed + 1): with the batches' own seed the first order would be
/// the one that the first batch is drawn by, and rows and batches would depend on each other.
TEST(ShuffledScores, ReorderRowsByTheSeedAfterThatOfTheBatches) {
  const Readme clouds(30, 3);
  const RtdOptions options{.batch = 20, .trials = 2, .seed = 4};
  NumpyRandom random(5);
  std::vector<double> expected;
  for (int p = 0; p < 3; ++p)
    expected.push_back(rtd(clouds.P, restricted(clouds.Q, random.permutation(30)), options).rtd);
  EXPECT_EQ(shuffled_scores(clouds.P, clouds.Q, options, 3), expected);
}

}  // namespace
}  // namespace chronotope::topology
