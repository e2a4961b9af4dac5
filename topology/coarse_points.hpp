// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "chronotope/topology/point_scan.hpp"
#include "chronotope/topology/remaining_points.hpp"

namespace chronotope {

/// RemainingPoints on a grid of 16-bit numbers, a quarter of the bytes, and for every point a reach: says
/// where the point last looked from may have a key below the reach, and is never wrong about where it has
/// none.
///
/// A point u stands at q(u) = round((u - c) / s) for a centre c and the step s of the grid. Rounding moves a
/// coordinate by at most s / 2, so in dimension D
///     |q(u) - q(v)| <= |u - v| / s + sqrt(D).
/// The step is so wide that |q(u)| <= 16,000: then differences fit into 16 bits and squares into 32. Hamming
/// keys are not bounded by the squares of differences: all points stand at 0, and may be anywhere.
///
/// Slots and blocks are those of RemainingPoints. Memory: 2 D + 4 bytes a point.
class CoarsePoints {
 public:
  static constexpr std::size_t kBlock = PointScan::kBlock;

  /// Every reach is infinite.
  explicit CoarsePoints(const RemainingPoints& points, const PointScan& scan = point_scans().back());

  /// As in RemainingPoints.
  void look_from(std::size_t slot);
  void take(std::size_t slot);

  void set_reach(std::size_t slot, double key) { limits_[slot] = limit(key); }
  /// The blocks in which a key may be below the reach of its slot, ascending; valid until the next call.
  std::span<const std::uint32_t> blocks_within_reach();

 private:
  std::size_t place(std::size_t slot, std::size_t pair) const {
    return 2 * ((slot / kBlock * pairs_ + pair) * kBlock + slot % kBlock);
  }
  std::int32_t limit(double key) const;

  const PointScan& scan_;
  std::size_t size_;
  std::size_t dimension_;
  std::size_t pairs_;  // of coordinates
  double step_ = 1;
  std::vector<std::int16_t> blocks_;
  std::vector<std::int16_t> origin_;
  std::vector<std::int32_t> limits_;  // per slot: squares from here on are out of reach
  std::vector<std::uint32_t> found_;
};

}  // namespace chronotope
