// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace chronotope::topology {

/// Position of an edge in the strict total order of a distance matrix's finite edges.
using Rank = std::int32_t;

/// The inner loops over two rows a, b of a matrix, entry k of which belongs to the object k. They are written
/// once for every set of instructions the processor may have and chosen at run time; the results are integers
/// and comparisons, so every set gives the same.
///
/// Rows of ranks are padded to a multiple of kBlock entries with numbers above every rank.
struct RankScan {
  static constexpr std::size_t kBlock = 64;

  const char* name;

  /// The least k < length with a[k] < bound and b[k] < bound; `length` if there is none.
  std::size_t (*first_below)(const Rank* a, const Rank* b, std::size_t length, Rank bound);

  /// The same on distances, whose rows are not padded; only whether there is one.
  bool (*any_below)(const double* a, const double* b, std::size_t length, double bound);

  /// Bit k % 64 of masks[k / 64] says whether begin <= max(a[k], b[k], e) < end. Requires: e < end, begin <=
  /// end.
  void (*mark_window)(const Rank* a, const Rank* b, std::size_t length, Rank e, Rank begin, Rank end,
                      std::uint64_t* masks);
};

/// The sets this processor can run, the portable one first, the widest last.
const std::vector<RankScan>& rank_scans();

}  // namespace chronotope::topology
