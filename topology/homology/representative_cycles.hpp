// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "chronotope/topology/distances/distance_matrix.hpp"
#include "chronotope/topology/distances/rank_scan.hpp"
#include "chronotope/topology/homology/cross_barcode.hpp"
#include "chronotope/topology/homology/edge_ranks.hpp"

namespace chronotope::topology {

/// Cycles that bear the bars of cross_barcode(w, w~): for each bar a chain of edges of m = min(w, w~) over
/// Z/2 whose latest edge is the one the bar is born at, and which bounds when the bar dies and not before. An
/// object in which an odd number of its edges end is joined to the apex too: there the chain goes on through
/// the complex of w.
///
/// It is the column of the reduced boundary matrix that ends the bar (Edelsbrunner & Harer 2010, VII.1). The
/// pairs being known from the cohomology, only the columns that it needs are reduced: the latest edge r of a
/// column that is not the bar's own is removed by adding
/// 1. the cone cell over r, when w(r) = m(r);
/// 2. else the triangle of r with the least object in its lune in m, if there is one;
/// 3. else the cycle of r, which ended earlier.
/// Memory: 4 n^2 bytes, and the cycles.
class RepresentativeCycles {
 public:
  /// Requires: equal sizes.
  RepresentativeCycles(const DistanceMatrix& w, const DistanceMatrix& w_tilde);

  /// Of the bar born at an edge, ascending by length in m; nothing when it never dies. Requires: a bar is
  /// born there.
  std::vector<Edge> of(Edge born);

 private:
  using Chain = std::vector<Rank>;  // ascending

  Rank rank(std::uint32_t i, std::uint32_t j) const { return m_.row(i)[j]; }
  Chain triangle(Edge edge, std::uint32_t opposite) const;
  const Chain& cycle(Rank born);
  Chain ending_at(Rank edge);

  const DistanceMatrix& w_;
  const DistanceMatrix& w_tilde_;
  EdgeRanks m_;
  const RankScan& scan_;
  std::unordered_map<Rank, PairedBar> pairs_;
  std::unordered_map<Rank, Chain> cycles_;
};

/// A set of edges as trails, each edge once, closed ones ending where they begin: as many open ones as half
/// the objects in which an odd number of edges end. Every trail goes to the least object it can.
std::vector<std::vector<std::uint32_t>> trails(const std::vector<Edge>& edges);

}  // namespace chronotope::topology
