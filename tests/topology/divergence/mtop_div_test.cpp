// SPDX-License-Identifier: Apache-2.0
// MTop-Div, on the clouds of the RTD authors' README.
#include <gtest/gtest.h>

#include "chronotope/core/error.hpp"
#include "chronotope/tests/topology/distances/random_dissimilarities.hpp"
#include "chronotope/tests/topology/divergence/readme_clouds.hpp"
#include "chronotope/topology/distances/distance_matrix.hpp"
#include "chronotope/topology/divergence/rtd.hpp"

namespace chronotope::topology {
namespace {

TEST(MTopDiv, OfTheReadmeCloudsIsThePublishedMeanOfDraws2To21) {
  Readme clouds(1000, 2);
  const RtdOptions options{
      .batch = 100, .trials = 21, .variant = RtdVariant::kMTopDiv, .reference_batch = 1000};
  const RtdResult result = rtd(clouds.P, clouds.Q, options, clouds.random);
  double mean = 0;
  for (std::size_t t = 1; t < 21; ++t) mean += result.trial_scores[t].ab / 20;
  EXPECT_NEAR(mean, 0.035247244, 1e-8);
  EXPECT_NEAR(result.trial_scores[0].ab, 0.0342284, 1e-7);
  EXPECT_NEAR(result.trial_scores[1].ab, 0.0303204, 1e-7);
  EXPECT_NEAR(result.trial_scores[20].ab, 0.0291622, 1e-7);
}

TEST(MTopDiv, OfACloudAndItselfIsZeroWhateverTheUnequalSizes) {
  RandomDissimilarities random(42);
  const PointCloud P = random.cloud(60, 2, [&] { return random.normal(); });
  const RtdOptions options{.trials = 2, .variant = RtdVariant::kMTopDiv};
  EXPECT_EQ(rtd(P, P, options).rtd, 0);
  const PointCloud Q = random.cloud(90, 2, [&] { return random.normal(); });
  const RtdResult result = rtd(P, Q, options);
  EXPECT_GT(result.rtd, 0);
  EXPECT_EQ(result.n, 60u);
  EXPECT_EQ(rtd(P, Q, {.trials = 2, .threads = 2, .variant = RtdVariant::kMTopDiv}).rtd, result.rtd);
}

TEST(MTopDiv, RefusesWhatItCanNotCompare) {
  const PointCloud plane(3, 2, {0, 0, 1, 0, 0, 1});
  const PointCloud space(2, 3, {0, 0, 0, 1, 0, 0});
  const RtdOptions options{.variant = RtdVariant::kMTopDiv};
  EXPECT_THROW(rtd(plane, space, options), InputError);
  EXPECT_THROW(rtd(plane, PointCloud(), options), InputError);
  EXPECT_THROW(rtd(euclidean_distances(plane), euclidean_distances(plane), options), InputError);
  EXPECT_THROW(rtd(plane, plane, {.variant = RtdVariant::kMTopDiv, .degree = 2}), InputError);
}

}  // namespace
}  // namespace chronotope::topology
