// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "chronotope/topology/distances/distance_matrix.hpp"
#include "chronotope/topology/distances/rank_scan.hpp"

namespace chronotope::topology {

/// A pair of objects, i < j.
struct Edge {
  std::uint32_t i;
  std::uint32_t j;
};

/// The finite edges of a distance matrix in their strict total order, by value, then by (i, j), and the rank
/// of every pair. Persistence only compares values, so working on ranks is exact in double precision, and
/// ties need no special case.
///
/// Invariants:
/// 1. value(r) is non-decreasing in r; rank(edge(r)) = r.
/// 2. A row of ranks has stride() entries; the diagonal, infinite pairs and the padding hold kNoEdge.
/// Cost: radix sort, O(n^2); 4 n^2 + 12 E bytes, and 20 E while it is made. Throws InputError for more than
/// 65,536 objects.
class EdgeRanks {
 public:
  static constexpr Rank kNoEdge = std::numeric_limits<Rank>::max();

  explicit EdgeRanks(const DistanceMatrix& d) : EdgeRanks(d, d) {}
  /// Of the smaller of two matrices, entry by entry. Requires: equal sizes.
  EdgeRanks(const DistanceMatrix& a, const DistanceMatrix& b);

  std::size_t objects() const { return objects_; }
  Rank edges() const { return static_cast<Rank>(values_.size()); }
  Edge edge(Rank r) const { return {edges_[at(r)] >> 16, edges_[at(r)] & 0xffffu}; }
  double value(Rank r) const { return values_[at(r)]; }
  std::size_t stride() const { return stride_; }
  const Rank* row(std::size_t i) const { return ranks_.data() + i * stride_; }

  /// Number of edges shorter than `value`: the rank from which edges are at least as long.
  Rank edges_below(double value) const;

 private:
  static std::size_t at(Rank r) { return static_cast<std::size_t>(r); }

  std::size_t objects_;
  std::size_t stride_;
  std::vector<std::uint32_t> edges_;  // i << 16 | j
  std::vector<double> values_;
  std::vector<Rank> ranks_;
};

}  // namespace chronotope::topology
