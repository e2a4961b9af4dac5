// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "chronotope/topology/distances/distance_matrix.hpp"

namespace chronotope::topology {

/// A pair of objects joined by a spanning tree, i < j. Ordered by length, then by (i, j).
struct TreeEdge {
  double length = 0;
  std::uint32_t i = 0;
  std::uint32_t j = 0;

  friend auto operator<=>(const TreeEdge&, const TreeEdge&) = default;
};

/// A minimum spanning tree, its n - 1 edges in ascending order; edges of infinite length where infinite
/// entries separate the objects. Among equal lengths the choice is fixed, and the lengths are the same for
/// every choice. Prim, O(n^2).
std::vector<TreeEdge> minimum_spanning_tree(const DistanceMatrix& d);

/// A minimum spanning tree of min(a, b), entry by entry, from one of a and one of b, in ascending order: an
/// edge that is the longest of a cycle in a or in b is so in min(a, b), so no edge outside the two trees is
/// needed. Kruskal, O(n log n). Requires: trees of the same objects.
std::vector<TreeEdge> minimum_spanning_tree_of_minimum(const std::vector<TreeEdge>& a,
                                                       const std::vector<TreeEdge>& b);

/// Sum of the lengths in ascending order: the same bits for every minimum spanning tree of a matrix.
double total_length(const std::vector<TreeEdge>& tree);

double minimum_spanning_tree_weight(const DistanceMatrix& d);

/// A tree that can be asked for paths and changed. Requires: n - 1 edges that span the objects 0 .. n-1.
/// Every object knows the edge to its parent; a question or change costs the length of the paths it walks.
class SpanningTree {
 public:
  explicit SpanningTree(std::vector<TreeEdge> edges);

  /// The longest edge on the path between two objects, as an index into the edges. Requires: i != j.
  std::size_t longest_between(std::uint32_t i, std::uint32_t j);
  const TreeEdge& edge(std::size_t e) const { return edges_[e]; }
  /// Takes edge e out and puts another in its place. Requires: the result is a tree again.
  void replace(std::size_t e, const TreeEdge& by);

 private:
  static constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

  /// Where a walk towards the root stands.
  struct Walker {
    std::uint32_t at;
    std::size_t longest = kNone;  // edge on the way so far
  };
  struct Visit {
    std::uint64_t walk = 0;  // number of the question
    std::size_t longest = kNone;
  };

  bool is_root(std::uint32_t object) const { return parent_edge_[object] == kNone; }
  std::uint32_t parent(std::uint32_t object) const;
  std::size_t longer(std::size_t a, std::size_t b) const;
  void make_root(std::uint32_t object);

  std::vector<TreeEdge> edges_;
  std::vector<std::size_t> parent_edge_;  // kNone for the root
  std::vector<Visit> visits_;
  std::uint64_t walks_ = 0;
};

}  // namespace chronotope::topology
