// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "chronotope/topology/distances/distance_matrix.hpp"
#include "chronotope/topology/homology/edge_ranks.hpp"

namespace chronotope::topology {

/// The cells apex * f of the mapping cone of w into m that can end a class of degree 1, in their order by
/// w(f).
///
/// Left out: 1. edges with w(f) = m(f), each of which pairs with its own cone cell at once; 2. infinite w(f);
/// 3. edges with an object k closer to both ends, w(i,k), w(j,k) < w(f): apex * f is then the latest face of
/// apex * ijk, so it opens a class of degree 2 and ends none. On clouds of 500 points a few hundred remain.
class ConeCells {
 public:
  using Index = std::int32_t;
  static constexpr Index kNone = -1;

  /// None, over so many edges.
  explicit ConeCells(Rank edges) : over_(static_cast<std::size_t>(edges), kNone) {}
  /// Requires: m ranks min(w, w~).
  ConeCells(const EdgeRanks& m, const DistanceMatrix& w, const DistanceMatrix& w_tilde, const RankScan& scan);

  std::size_t size() const { return values_.size(); }
  /// The cone cell over edge f, or kNone.
  Index over(Rank f) const { return over_[static_cast<std::size_t>(f)]; }
  /// The edge of m it stands over.
  Rank edge(Index cell) const { return edges_[static_cast<std::size_t>(cell)]; }
  /// The value at which the cell enters: the length in w of its edge.
  double value(Index cell) const { return values_[static_cast<std::size_t>(cell)]; }
  /// The cell stands before all triangles whose latest edge has this rank or a later one, and after all
  /// others.
  Rank row(Index cell) const { return rows_[static_cast<std::size_t>(cell)]; }

 private:
  std::vector<double> values_;
  std::vector<Rank> edges_;
  std::vector<Rank> rows_;
  std::vector<Index> over_;
};

/// The cone cells of a working column over Z/2: toggled twice, a cell is gone.
class ConeColumn {
 public:
  explicit ConeColumn(std::size_t cells) : words_((cells + 63) / 64, 0), first_word_(words_.size()) {}

  void toggle(ConeCells::Index cell);
  std::optional<ConeCells::Index> first();
  void clear();

 private:
  std::vector<std::uint64_t> words_;
  std::size_t first_word_;  // no word before it has a bit
};

}  // namespace chronotope::topology
