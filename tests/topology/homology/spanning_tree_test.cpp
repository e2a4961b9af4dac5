// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/homology/spanning_tree.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "chronotope/tests/topology/distances/random_dissimilarities.hpp"
#include "chronotope/topology/homology/components.hpp"

namespace chronotope::topology {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(SpanningTree, OfAChainIsTheChainInAscendingOrder) {
  const auto tree = minimum_spanning_tree(euclidean_distances(PointCloud(4, 1, {5, 0, 1, 3})));
  EXPECT_EQ(tree, (std::vector<TreeEdge>{{1, 1, 2}, {2, 0, 3}, {2, 2, 3}}));
  EXPECT_EQ(total_length(tree), 5);
}

TEST(SpanningTree, OfOneObjectIsEmptyAndAcrossInfiniteDistancesIsInfinite) {
  EXPECT_EQ(minimum_spanning_tree_weight(DistanceMatrix(1, 1, {0})), 0);
  EXPECT_EQ(minimum_spanning_tree_weight(DistanceMatrix()), 0);
  EXPECT_EQ(minimum_spanning_tree_weight(DistanceMatrix(2, 2, {0, kInfinity, kInfinity, 0})), kInfinity);
}

TEST(SpanningTree, HasTheBottleneckPathsOfTheWholeMatrix) {
  RandomDissimilarities random(6);
  for (const Family family : kFamilies) {
    const auto [d, other] = random.pair(family, 25);
    // Smallest possible longest step between every two objects, by Floyd and Warshall.
    std::vector<std::vector<double>> step;
    for (std::size_t i = 0; i < d.size(); ++i) step.emplace_back(d.row(i).begin(), d.row(i).end());
    for (std::size_t k = 0; k < d.size(); ++k)
      for (auto& row : step)
        for (std::size_t j = 0; j < d.size(); ++j) row[j] = std::min(row[j], std::max(row[k], step[k][j]));
    SpanningTree tree(minimum_spanning_tree(d));
    for (std::uint32_t i = 0; i < d.size(); ++i)
      for (std::uint32_t j = i + 1; j < d.size(); ++j)
        EXPECT_EQ(tree.edge(tree.longest_between(i, j)).length, step[i][j]);
  }
}

TEST(SpanningTree, OfTheMinimumIsFoundInTheTwoTrees) {
  RandomDissimilarities random(9);
  for (int round = 0; round < 30; ++round)
    for (const Family family : kFamilies) {
      const auto [a, b] = random.pair(family, random.between(2, 40));
      const DistanceMatrix m = minimum(a, b);
      const auto expected = minimum_spanning_tree(m);
      const auto tree = minimum_spanning_tree_of_minimum(minimum_spanning_tree(a), minimum_spanning_tree(b));
      ASSERT_EQ(tree.size(), expected.size());
      Components parts(m.size());
      for (std::size_t e = 0; e < tree.size(); ++e) {
        EXPECT_EQ(tree[e].length, expected[e].length);
        EXPECT_EQ(tree[e].length, m(tree[e].i, tree[e].j));
        EXPECT_TRUE(parts.join(tree[e].i, tree[e].j));
      }
    }
}

TEST(SpanningTree, StaysATreeWhileEdgesAreReplaced) {
  RandomDissimilarities random(8);
  for (int round = 0; round < 20; ++round) {
    const std::size_t n = random.between(3, 30);
    const auto [d, other] = random.pair(Family::kUniform, n);
    SpanningTree tree(minimum_spanning_tree(d));
    for (const TreeEdge& e : minimum_spanning_tree(other))
      tree.replace(tree.longest_between(e.i, e.j), {-kInfinity, e.i, e.j});
    // Every edge was put in, and none of them was the longest of a later question.
    for (std::size_t e = 0; e + 1 < n; ++e) EXPECT_EQ(tree.edge(e).length, -kInfinity);
  }
}

}  // namespace
}  // namespace chronotope::topology
