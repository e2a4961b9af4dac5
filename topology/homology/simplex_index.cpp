// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/homology/simplex_index.hpp"

#include <algorithm>
#include <string>

#include "chronotope/core/error.hpp"

namespace chronotope::topology {

SimplexIndex::SimplexIndex(std::size_t vertices, std::size_t largest_dimension)
    : vertices_(vertices), table_(largest_dimension + 2, std::vector<std::uint64_t>(vertices + 1, 0)) {
  std::fill(table_[0].begin(), table_[0].end(), 1);
  for (std::size_t k = 1; k < table_.size(); ++k)
    for (std::size_t n = 1; n <= vertices; ++n)
      if (__builtin_add_overflow(table_[k - 1][n - 1], table_[k][n - 1], &table_[k][n]))
        throw InputError("simplices of dimension " + std::to_string(k - 1) + " on " +
                         std::to_string(vertices) +
                         " points have no 64-bit index; use fewer points or a lower dimension");
}

std::uint64_t SimplexIndex::index_of(std::span<const Vertex> descending) const {
  std::uint64_t index = 0;
  for (std::size_t k = 0; k < descending.size(); ++k) index += binomial(descending[k], descending.size() - k);
  return index;
}

void SimplexIndex::vertices_of(std::uint64_t index, std::span<Vertex> out) const {
  std::size_t above = vertices_;
  for (std::size_t k = out.size(); k > 0; --k) {
    const auto row = table_[k].begin();
    // The largest v with C(v, k) <= index.
    const auto next = std::upper_bound(row, row + static_cast<std::ptrdiff_t>(above), index);
    above = static_cast<std::size_t>(next - row) - 1;
    out[out.size() - k] = static_cast<Vertex>(above);
    index -= binomial(above, k);
  }
}

}  // namespace chronotope::topology
