// SPDX-License-Identifier: Apache-2.0
// Cycles against the definition: all chains and boundaries of the mapping cone, by elimination.
#include "chronotope/topology/homology/representative_cycles.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "chronotope/tests/reference/cross_barcode_forms.hpp"
#include "chronotope/tests/topology/distances/random_dissimilarities.hpp"

namespace chronotope::topology {
namespace {

using Chain = std::vector<std::size_t>;  // cells, ascending

Chain plus(const Chain& a, const Chain& b) {
  Chain sum;
  std::set_symmetric_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(sum));
  return sum;
}

/// The boundaries of some 2-cells, echelon form by the largest edge.
class Boundaries {
 public:
  void add(Chain boundary) {
    boundary = rest(std::move(boundary));
    if (!boundary.empty()) by_largest_[boundary.back()] = std::move(boundary);
  }
  bool hold(Chain cycle) const { return rest(std::move(cycle)).empty(); }

 private:
  Chain rest(Chain chain) const {
    while (!chain.empty() && by_largest_.contains(chain.back()))
      chain = plus(chain, by_largest_.at(chain.back()));
    return chain;
  }
  std::map<std::size_t, Chain> by_largest_;
};

reference::Table table(const DistanceMatrix& d) {
  reference::Table rows;
  for (std::size_t i = 0; i < d.size(); ++i) rows.emplace_back(d.row(i).begin(), d.row(i).end());
  return rows;
}

/// Whether the chain, closed through the apex, bounds once the 2-cells of which `entered` holds are there.
template <class Entered>
bool bounds(const std::vector<reference::Cell>& cells, const Chain& cycle, const Entered& entered) {
  Boundaries boundaries;
  for (const reference::Cell& cell : cells)
    if (cell.dimension == 2 && entered(cell.value)) {
      Chain faces = cell.faces;
      std::sort(faces.begin(), faces.end());
      boundaries.add(std::move(faces));
    }
  return boundaries.hold(cycle);
}

/// The chain's cells: its edges, and those of the apex to objects in which an odd number of them end.
Chain cells_of(const std::vector<Edge>& edges, const std::vector<reference::Cell>& cells, std::size_t n) {
  const auto cell = [&](std::size_t i, std::size_t j) {
    const auto found = std::find_if(cells.begin(), cells.end(), [&](const reference::Cell& c) {
      return c.dimension == 1 && c.faces == Chain{i, j};
    });
    return static_cast<std::size_t>(found - cells.begin());
  };
  const auto apex =
      static_cast<std::size_t>(std::find_if(cells.begin() + static_cast<std::ptrdiff_t>(n), cells.end(),
                                            [](const reference::Cell& c) { return c.dimension == 0; }) -
                               cells.begin());
  std::vector<int> degree(n);
  Chain chain;
  for (const Edge& e : edges) {
    chain.push_back(cell(e.i, e.j));
    ++degree[e.i];
    ++degree[e.j];
  }
  for (std::size_t i = 0; i < n; ++i)
    if (degree[i] % 2 == 1) chain.push_back(cell(i, apex));
  std::sort(chain.begin(), chain.end());
  return chain;
}

TEST(RepresentativeCycles, AreBornAndBoundWithTheirBars) {
  RandomDissimilarities random(41);
  std::size_t checked = 0;
  for (const Family family : kFamilies)
    for (int round = 0; round < 6; ++round) {
      const std::size_t n = random.between(4, 14);
      const auto [w, v] = random.pair(family, n);
      const DistanceMatrix m = minimum(w, v);
      const auto cells = reference::mapping_cone(table(w), table(m));
      RepresentativeCycles cycles(w, v);
      for (const PairedBar& paired : paired_bars(w, v)) {
        const std::vector<Edge> edges = cycles.of(paired.born);
        if (!paired.bar.is_finite()) {
          EXPECT_TRUE(edges.empty());
          continue;
        }
        ASSERT_FALSE(edges.empty());
        double latest = 0;
        for (const Edge& e : edges) latest = std::max(latest, m(e.i, e.j));
        EXPECT_EQ(latest, paired.bar.birth);
        EXPECT_EQ(std::pair(edges.back().i, edges.back().j), std::pair(paired.born.i, paired.born.j));
        const Chain chain = cells_of(edges, cells, n);
        EXPECT_TRUE(bounds(cells, chain, [&](double value) { return value <= paired.bar.death; }));
        EXPECT_FALSE(bounds(cells, chain, [&](double value) { return value < paired.bar.death; }));
        ++checked;
      }
    }
  EXPECT_GT(checked, 100u);
}

TEST(RepresentativeCycles, OfARingOpenedInOneCloudGoesRoundItThroughTheOther) {
  // Eight points on a circle of B; in A they stand in a row, so the circle closes at the pair 0 7 of B alone.
  std::vector<double> ring;
  std::vector<double> row;
  for (int k = 0; k < 8; ++k) {
    ring.insert(ring.end(), {std::cos(0.7853981633974483 * k), std::sin(0.7853981633974483 * k)});
    row.insert(row.end(), {0.7 * k, 0});
  }
  const DistanceMatrix a = euclidean_distances(PointCloud(8, 2, row));
  const DistanceMatrix b = euclidean_distances(PointCloud(8, 2, ring));
  const auto bars = paired_bars(a, b);
  const auto longest = std::max_element(bars.begin(), bars.end(), [](const PairedBar& x, const PairedBar& y) {
    return x.bar.length() < y.bar.length();
  });
  RepresentativeCycles cycles(a, b);
  EXPECT_EQ(std::pair(longest->born.i, longest->born.j), std::pair(0u, 7u));
  // The row joins what the circle does not need: 1 2 3 and 4 5 6.
  EXPECT_EQ(trails(cycles.of(longest->born)),
            (std::vector<std::vector<std::uint32_t>>{{1, 0, 7, 6}, {3, 4}}));
}

TEST(Trails, TakeEveryEdgeOnceAndOpenOnesBeginAtOddObjects) {
  const std::vector<Edge> edges{{0, 1}, {1, 2}, {0, 2}, {5, 6}, {6, 7}, {2, 3}};
  const auto all = trails(edges);
  EXPECT_EQ(all, (std::vector<std::vector<std::uint32_t>>{{2, 0, 1, 2, 3}, {5, 6, 7}}));
  EXPECT_TRUE(trails({}).empty());
  EXPECT_EQ(trails({{4, 9}}), (std::vector<std::vector<std::uint32_t>>{{4, 9}}));
}

}  // namespace
}  // namespace chronotope::topology
