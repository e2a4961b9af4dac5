// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/distances/metric.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace chronotope::topology {
namespace {

const PointCloud kRows(5, 3, {1, 2, 3, 2, 4, 6, 3, 2, 1, 0, 0, 0, 2, 2, 2});

TEST(Metric, CosineIsOneLessTheCosineOfTheAngle) {
  const DistanceMatrix d = distances(kRows, Metric::kCosine);
  EXPECT_NEAR(d(0, 1), 0, 1e-15);
  EXPECT_NEAR(d(0, 2), 1 - 10.0 / 14, 1e-15);
  EXPECT_NEAR(d(0, 4), 1 - 12 / std::sqrt(14.0 * 12), 1e-15);
  EXPECT_EQ(d(0, 3), 1);
  EXPECT_EQ(distances(PointCloud(2, 2, {0, 0, 0, 0}), Metric::kCosine)(0, 1), 0);
  EXPECT_EQ(distances(PointCloud(2, 2, {0.1, 0.7, 0.1, 0.7}), Metric::kCosine)(0, 1), 0);
}

TEST(Metric, CorrelationIsOneLessThePearsonCoefficient) {
  const DistanceMatrix d = distances(kRows, Metric::kCorrelation);
  EXPECT_NEAR(d(0, 1), 0, 1e-15);
  EXPECT_NEAR(d(0, 2), 2, 1e-15);
  EXPECT_EQ(d(0, 4), 1);
  EXPECT_EQ(d(3, 4), 0);
}

TEST(Metric, HammingIsTheShareOfDifferingCoordinates) {
  const DistanceMatrix d = distances(kRows, Metric::kHamming);
  EXPECT_NEAR(d(0, 2), 2.0 / 3, 1e-15);
  EXPECT_EQ(d(0, 1), 1);
  EXPECT_NEAR(d(0, 4), 2.0 / 3, 1e-15);
}

TEST(Metric, IsKnownByItsName) {
  for (const Metric metric : {Metric::kEuclidean, Metric::kCosine, Metric::kCorrelation, Metric::kHamming})
    EXPECT_EQ(metric_of(to_string(metric)), metric);
  EXPECT_THROW(metric_of("manhattan"), InputError);
}

}  // namespace
}  // namespace chronotope::topology
