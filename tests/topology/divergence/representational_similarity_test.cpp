// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/divergence/representational_similarity.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "chronotope/tests/topology/divergence/readme_clouds.hpp"

namespace chronotope::topology {
namespace {

PointCloud rounded(const PointCloud& cloud) {
  std::vector<double> values;
  for (const double x : cloud.values()) values.push_back(std::nearbyint(3 * x));
  return {cloud.size(), cloud.dimension(), std::move(values)};
}

/// scipy 1.10: spearmanr(pdist(P), pdist(Q)) of the clouds of numpy.random.seed(7), and of np.round(3 P),
/// np.round(3 Q), whose distances have ties.
TEST(RepresentationalSimilarity, IsThatOfScipy) {
  const Readme clouds(100, 10);
  EXPECT_NEAR(representational_similarity(euclidean_distances(clouds.P), euclidean_distances(clouds.Q)),
              0.01403001457858719, 1e-12);
  EXPECT_NEAR(representational_similarity(euclidean_distances(rounded(clouds.P)),
                                          euclidean_distances(rounded(clouds.Q))),
              0.04244942000031653, 1e-12);
}

TEST(RepresentationalSimilarity, IsOneForAnyIncreasingTransformOfTheDistances) {
  const Readme clouds(30, 3);
  const DistanceMatrix d = euclidean_distances(clouds.P);
  const auto squares =
      DistanceMatrix::of_pairs(30, [&](std::size_t i, std::size_t j) { return d(i, j) * d(i, j); });
  EXPECT_DOUBLE_EQ(representational_similarity(d, squares), 1);
}

TEST(RepresentationalSimilarity, OfEqualDistancesIsUndefined) {
  const Readme clouds(30, 3);
  const DistanceMatrix d = euclidean_distances(clouds.P);
  const auto equal = DistanceMatrix::of_pairs(30, [](std::size_t, std::size_t) { return 2.0; });
  EXPECT_TRUE(std::isnan(representational_similarity(d, equal)));
  EXPECT_TRUE(std::isnan(representational_similarity(d.restricted(std::vector<std::size_t>{0, 1}),
                                                     d.restricted(std::vector<std::size_t>{1, 2}))));
}

}  // namespace
}  // namespace chronotope::topology
