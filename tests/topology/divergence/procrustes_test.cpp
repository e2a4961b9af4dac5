// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/divergence/procrustes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "chronotope/tests/topology/distances/random_dissimilarities.hpp"
#include "chronotope/tests/topology/divergence/readme_clouds.hpp"

namespace chronotope::topology {
namespace {

PointCloud head(const PointCloud& cloud, std::size_t rows, std::size_t columns) {
  std::vector<double> values;
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t c = 0; c < columns; ++c) values.push_back(cloud(i, c));
  return {rows, columns, std::move(values)};
}

/// Turned by an angle in the first two coordinates, the second one's sign changed, scaled and shifted.
PointCloud moved(const PointCloud& cloud, double angle) {
  std::vector<double> values(cloud.values().begin(), cloud.values().end());
  for (std::size_t i = 0; i < cloud.size(); ++i) {
    double* row = values.data() + i * cloud.dimension();
    const double x = row[0];
    const double y = -row[1];
    row[0] = std::cos(angle) * x - std::sin(angle) * y;
    row[1] = std::sin(angle) * x + std::cos(angle) * y;
    for (std::size_t c = 0; c < cloud.dimension(); ++c) row[c] = 7 * row[c] + 3;
  }
  return {cloud.size(), cloud.dimension(), std::move(values)};
}

/// Centred, of length 1, in the plane.
PointCloud unit(const PointCloud& cloud) {
  std::vector<double> values(cloud.values().begin(), cloud.values().end());
  double squares = 0;
  for (std::size_t c = 0; c < 2; ++c) {
    double mean = 0;
    for (std::size_t i = 0; i < cloud.size(); ++i) mean += cloud(i, c) / static_cast<double>(cloud.size());
    for (std::size_t i = 0; i < cloud.size(); ++i) squares += std::pow(values[2 * i + c] -= mean, 2);
  }
  for (double& x : values) x /= std::sqrt(squares);
  return {cloud.size(), 2, std::move(values)};
}

/// The smallest |X Q - Y| over 3600 rotations in the plane and as many reflections.
double smallest_over_angles(const PointCloud& a, const PointCloud& b) {
  const PointCloud x = unit(a);
  const PointCloud y = unit(b);
  double least = 2;
  for (const double sign : {1.0, -1.0})
    for (int k = 0; k < 3600; ++k) {
      const double angle = k * 3.14159265358979 / 1800;
      double squares = 0;
      for (std::size_t i = 0; i < x.size(); ++i) {
        const double u = x(i, 0);
        const double v = sign * x(i, 1);
        squares += std::pow(std::cos(angle) * u - std::sin(angle) * v - y(i, 0), 2) +
                   std::pow(std::sin(angle) * u + std::cos(angle) * v - y(i, 1), 2);
      }
      least = std::min(least, std::sqrt(squares));
    }
  return least;
}

/// scipy 1.10: sqrt(2 - 2 sqrt(1 - procrustes(P, Q)[2])) of the clouds of numpy.random.seed(7); of its first
/// six rows, fewer than columns; and numpy's svd for Q[:, :4].
TEST(Procrustes, IsThatOfScipy) {
  const Readme clouds(100, 10);
  EXPECT_NEAR(procrustes_distance(clouds.P, clouds.Q), 1.213868700074781, 1e-12);
  EXPECT_NEAR(procrustes_distance(head(clouds.P, 6, 10), head(clouds.Q, 6, 10)), 0.42566280031827974, 1e-12);
  EXPECT_NEAR(procrustes_distance(clouds.P, head(clouds.Q, 100, 4)), 1.2776225419472764, 1e-12);
  EXPECT_NEAR(procrustes_distance(head(clouds.Q, 100, 4), clouds.P), 1.2776225419472764, 1e-12);
}

TEST(Procrustes, IsTheSmallestOverRotationsAndReflectionsInThePlane) {
  for (std::uint32_t seed = 0; seed < 10; ++seed) {
    RandomDissimilarities random(seed);
    const PointCloud a = random.cloud(8, 2, [&] { return random.normal(); });
    const PointCloud b = random.cloud(8, 2, [&] { return random.normal(); });
    const double least = smallest_over_angles(a, b);
    EXPECT_LE(procrustes_distance(a, b), least + 1e-12);
    EXPECT_GE(procrustes_distance(a, b), least - 1e-5);  // a twentieth of a degree off, squared
  }
}

TEST(Procrustes, OfAMovedCopyIsNothing) {
  const Readme clouds(20, 5);
  EXPECT_LE(procrustes_distance(clouds.P, moved(clouds.P, 1.1)), 1e-14);
  EXPECT_LE(procrustes_distance(head(clouds.P, 4, 5), moved(head(clouds.P, 4, 5), 1.1)), 1e-14);
  EXPECT_LE(procrustes_distance(clouds.P, multiplied(clouds.P, 1e-300)), 1e-14);
  EXPECT_LE(procrustes_distance(clouds.P, multiplied(clouds.P, 1e300)), 1e-14);
}

TEST(Procrustes, IsAMetric) {
  for (std::uint32_t seed = 0; seed < 50; ++seed) {
    RandomDissimilarities random(seed);
    const auto cloud = [&](std::size_t d) { return random.cloud(7, d, [&] { return random.normal(); }); };
    const PointCloud a = cloud(3);
    const PointCloud b = cloud(9);
    const PointCloud c = cloud(2);
    EXPECT_NEAR(procrustes_distance(a, b), procrustes_distance(b, a), 1e-13);
    EXPECT_LE(procrustes_distance(a, c), procrustes_distance(a, b) + procrustes_distance(b, c) + 1e-13);
  }
}

TEST(Procrustes, OfAConstantCloudIsUndefined) {
  const Readme clouds(12, 3);
  for (const double value : {0.0, 0.1, 0.7, 1e200})
    EXPECT_TRUE(std::isnan(procrustes_distance(PointCloud(12, 2, std::vector<double>(24, value)), clouds.P)));
  EXPECT_TRUE(std::isnan(procrustes_distance(PointCloud(12, 0, {}), clouds.P)));
}

}  // namespace
}  // namespace chronotope::topology
