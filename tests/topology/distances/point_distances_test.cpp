// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/distances/point_distances.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace chronotope::topology {
namespace {

const PointCloud kRows(5, 3, {1, 2, 3, 2, 4, 6, 3, 2, 1, 0, 0, 0, 2, 2, 2});

TEST(PointDistances, CosineIsOneLessTheCosineOfTheAngle) {
  const DistanceMatrix d = distances(kRows, Metric::kCosine);
  EXPECT_NEAR(d(0, 1), 0, 1e-15);
  EXPECT_NEAR(d(0, 2), 1 - 10.0 / 14, 1e-15);
  EXPECT_NEAR(d(0, 4), 1 - 12 / std::sqrt(14.0 * 12), 1e-15);
  EXPECT_EQ(d(0, 3), 1);
  EXPECT_EQ(distances(PointCloud(2, 2, {0, 0, 0, 0}), Metric::kCosine)(0, 1), 0);
  EXPECT_EQ(distances(PointCloud(2, 2, {0.1, 0.7, 0.1, 0.7}), Metric::kCosine)(0, 1), 0);
}

TEST(PointDistances, CorrelationIsOneLessThePearsonCoefficient) {
  const DistanceMatrix d = distances(kRows, Metric::kCorrelation);
  EXPECT_NEAR(d(0, 1), 0, 1e-15);
  EXPECT_NEAR(d(0, 2), 2, 1e-15);
  EXPECT_EQ(d(0, 4), 1);
  EXPECT_EQ(d(3, 4), 0);
}

TEST(PointDistances, HammingIsTheShareOfDifferingCoordinates) {
  const DistanceMatrix d = distances(kRows, Metric::kHamming);
  EXPECT_NEAR(d(0, 2), 2.0 / 3, 1e-15);
  EXPECT_EQ(d(0, 1), 1);
  EXPECT_NEAR(d(0, 4), 2.0 / 3, 1e-15);
}

}  // namespace
}  // namespace chronotope::topology
