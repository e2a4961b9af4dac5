// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace chronotope::topology {

/// The combinatorial number system: a simplex with vertices v_d > ... > v_0 has the index
///     C(v_d, d+1) + ... + C(v_1, 2) + C(v_0, 1),
/// a bijection between the d-simplices on n vertices and 0 .. C(n, d+1) - 1.
class SimplexIndex {
 public:
  using Vertex = std::uint32_t;

  /// For simplices of up to `largest_dimension`. Throws InputError when their indices do not fit into 64
  /// bits.
  SimplexIndex(std::size_t vertices, std::size_t largest_dimension);

  std::size_t vertices() const { return vertices_; }

  /// Requires: n <= vertices(), k <= largest dimension + 1.
  std::uint64_t binomial(std::size_t n, std::size_t k) const { return table_[k][n]; }

  /// Requires: strictly descending vertices.
  std::uint64_t index_of(std::span<const Vertex> descending) const;

  /// Writes the vertices, descending; out.size() is their number. O(d log n).
  void vertices_of(std::uint64_t index, std::span<Vertex> out) const;

 private:
  std::size_t vertices_;
  std::vector<std::vector<std::uint64_t>> table_;  // [k][n]
};

}  // namespace chronotope::topology
