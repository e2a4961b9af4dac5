// SPDX-License-Identifier: Apache-2.0
// What is computed from points alone, against the same from the matrix of their distances.
#include "chronotope/topology/homology/cloud_spanning_tree.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "chronotope/tests/topology/distances/random_dissimilarities.hpp"
#include "chronotope/topology/distances/cloud_unit.hpp"
#include "chronotope/topology/distances/point_distances.hpp"
#include "chronotope/topology/divergence/rtd_lite.hpp"

namespace chronotope::topology {
namespace {

constexpr Metric kMetrics[] = {Metric::kEuclidean, Metric::kCosine, Metric::kCorrelation, Metric::kHamming};
constexpr Normalisation kUnits[] = {Normalisation::kQuantile, Normalisation::kQuantileOfPairs,
                                    Normalisation::kMedian, Normalisation::kMean, Normalisation::kNone};

/// Clouds of many kinds: duplicates, ties, silent rows, far groups, numbers whose squares vanish.
std::vector<PointCloud> clouds(std::size_t n) {
  RandomDissimilarities random(20);
  const auto poisson = [&] { return random.uniform() < 0.7 ? 0 : random.below(3); };
  return {random.cloud(n, 2, [&] { return random.uniform(); }),
          random.cloud(n, 50, [&] { return random.normal(); }),
          random.cloud(n, 5, poisson),
          random.cloud(n, 1, [&] { return random.below(n); }),
          random.cloud(n, 3, [&] { return 1e6 * random.below(3) + random.normal(); }),
          random.cloud(n, 2, [&] { return 1e-160 * random.normal(); })};
}

std::vector<double> lengths(const std::vector<TreeEdge>& tree) {
  std::vector<double> all;
  for (const TreeEdge& edge : tree) all.push_back(edge.length);
  return all;
}

TEST(CloudSpanningTree, HasTheLengthsOfTheMatrixAndItsEdges) {
  for (const std::size_t n : {1u, 2u, 31u, 32u, 33u, 100u})
    for (const PointCloud& cloud : clouds(n))
      for (const Metric metric : kMetrics) {
        const DistanceMatrix d = distances(cloud, metric);
        const auto tree = minimum_spanning_tree(cloud, metric);
        EXPECT_EQ(lengths(tree), lengths(minimum_spanning_tree(d)));
        for (const TreeEdge& edge : tree) EXPECT_EQ(edge.length, d(edge.i, edge.j));
      }
}

TEST(CloudSpanningTree, IsTheSameForEverySetOfInstructions) {
  for (const PointCloud& cloud : clouds(130))
    for (const PointScan& scan : point_scans())
      EXPECT_EQ(minimum_spanning_tree(cloud, Metric::kEuclidean, scan),
                minimum_spanning_tree(cloud, Metric::kEuclidean, point_scans().front()));
}

TEST(CloudUnit, DividesToTheBitsOfTheNormalisedMatrix) {
  for (const std::size_t n : {2u, 3u, 33u, 64u, 100u})
    for (const PointCloud& cloud : clouds(n))
      for (const Metric metric : kMetrics)
        for (const Normalisation unit : kUnits)
          for (const double q : {0.0, 0.1, 0.5, 0.9, 1.0}) {
            const DistanceMatrix d = distances(cloud, metric);
            try {
              const DistanceMatrix expected = normalised(d, unit, q);
              EXPECT_EQ(d.divided_by(unit_of_distances(cloud, metric, unit, q)), expected);
            } catch (const DegenerateRepresentation& error) {
              try {
                unit_of_distances(cloud, metric, unit, q);
                ADD_FAILURE() << "has a unit that the matrix has not";
              } catch (const DegenerateRepresentation& same) {
                EXPECT_STREQ(same.what(), error.what());
              }
            }
          }
}

TEST(CloudUnit, OfMorePairsThanAreKeptIsThatOfAllPairsSorted) {
  RandomDissimilarities random(21);
  const std::size_t n = 3000;  // 4.5 million pairs
  for (const bool ties : {false, true}) {
    const PointCloud cloud =
        random.cloud(n, 1, [&] { return ties ? random.below(40) : std::exp(random.normal()); });
    std::vector<double> pairs;
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = i + 1; j < n; ++j) pairs.push_back(std::abs(cloud(i, 0) - cloud(j, 0)));
    const double h = 0.9 * static_cast<double>(n * n - 1);
    const auto nth = pairs.begin() + static_cast<std::ptrdiff_t>((static_cast<std::size_t>(h) - n) / 2);
    std::nth_element(pairs.begin(), nth, pairs.end());
    const double unit = unit_of_distances(cloud, Metric::kEuclidean, Normalisation::kQuantile, 0.9);
    EXPECT_GE(unit, *nth);
    EXPECT_LE(unit, *std::min_element(nth + 1, pairs.end()));
  }
}

TEST(CloudUnit, AndTreeOfMorePairsThanAreKeptHaveTheBitsOfTheMatrix) {
  const std::size_t n = 3000;
  RandomDissimilarities random(27);
  const std::vector<PointCloud> many = {
      random.cloud(n, 30, [&] { return random.normal(); }),
      random.cloud(n, 20, [&] { return random.uniform() < 0.9 ? 0 : random.below(3); }),
      random.cloud(n, 3, [&] { return random.below(n) == 0 ? 1e6 : random.normal(); })};
  for (const PointCloud& cloud : many)
    for (const Metric metric : {Metric::kEuclidean, Metric::kCosine}) {
      const DistanceMatrix d = distances(cloud, metric);
      for (const double q : {0.6, 0.9})
        EXPECT_EQ(unit_of_distances(cloud, metric, Normalisation::kQuantile, q), quantile_of_entries(d, q));
      EXPECT_EQ(lengths(minimum_spanning_tree(cloud, metric)), lengths(minimum_spanning_tree(d)));
    }
}

TEST(LiteTrees, OfCloudsGiveTheBarsOfTheMatrices) {
  const auto first = clouds(80);
  const auto second = clouds(80);
  for (std::size_t k = 0; k + 1 < first.size(); ++k)
    for (const Metric metric : kMetrics)
      for (const bool concurrently : {false, true}) {
        const PointCloud& a = first[k];
        const PointCloud& b = second[k + 1];
        // In one dimension nearly all directions coincide: their distances have no scale.
        const Normalisation unit =
            metric == Metric::kEuclidean ? Normalisation::kQuantile : Normalisation::kNone;
        const LiteTrees trees = lite_trees(a, b, metric, unit, 0.9, concurrently);
        const DistanceMatrix w = normalised(distances(a, metric), unit);
        const DistanceMatrix v = normalised(distances(b, metric), unit);
        EXPECT_EQ(lengths(trees.min), lengths(minimum_spanning_tree(minimum(w, v))));
        EXPECT_EQ(lite_barcode(trees.a, trees.min), lite_barcode(w, v));
        EXPECT_EQ(lite_barcode(trees.b, trees.min), lite_barcode(v, w));
        EXPECT_EQ(rtd_lite(trees).score(), rtd_lite(w, v).score());
      }
}

TEST(LiteTrees, NameTheCloudWithoutScale) {
  const PointCloud some(3, 1, {0, 1, 5});
  const PointCloud silent(3, 1, {0, 0, 0});
  try {
    lite_trees(some, silent, Metric::kEuclidean, Normalisation::kQuantile, 0.9);
    FAIL();
  } catch (const DegenerateRepresentation& error) {
    EXPECT_EQ(std::string(error.what()).rfind("B: 3 of 3 rows are identical", 0), 0u) << error.what();
  }
}

}  // namespace
}  // namespace chronotope::topology
