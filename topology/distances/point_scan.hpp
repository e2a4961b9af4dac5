// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace chronotope::topology {

/// The inner loops over many points. They are written once for every set of instructions the processor may
/// have and chosen at run time. Different
/// points stand in different lanes and every sum runs over the coordinates in their order, without fused
/// multiply-adds, so all sets give the same bits.
///
/// A block holds kBlock points, coordinate by coordinate: coordinate c of its point k is block[c * kBlock +
/// k].
struct PointScan {
  static constexpr std::size_t kBlock = 32;

  const char* name;

  /// squares[b * kBlock + k] = sum over c of (coordinate c of point k of block b - point[c])^2.
  void (*squared_distances)(const double* blocks, std::size_t count, std::size_t dimension,
                            const double* point, double* squares);

  /// The same sums of small integers: lists in `found` the blocks b in which any sum is below its limit,
  /// limits[b * kBlock + k], and returns their number. Coordinates lie in pairs: 2 p and 2 p + 1 of point k
  /// of a block are block[(p * kBlock + k) * 2] and its successor. Requires: every difference fits into 16
  /// bits, every sum into 32.
  std::size_t (*blocks_below)(const std::int16_t* blocks, std::size_t count, std::size_t pairs,
                              const std::int16_t* point, const std::int32_t* limits, std::uint32_t* found);

  /// Lists the blocks in which any such sum is in [low, high), returns their number and adds to `below` how
  /// many sums of the other blocks are below low. Requires: low <= high.
  std::size_t (*blocks_between)(const std::int16_t* blocks, std::size_t count, std::size_t pairs,
                                const std::int16_t* point, std::int32_t low, std::int32_t high,
                                std::uint32_t* found, std::uint64_t& below);

  /// The least max(a[k], b[k]), k < length; +inf when there is none. Requires: no NaN.
  double (*least_maximum)(const double* a, const double* b, std::size_t length);
};

/// The sets this processor can run, the portable one first, the widest last.
const std::vector<PointScan>& point_scans();

}  // namespace chronotope::topology
