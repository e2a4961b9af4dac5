// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "chronotope/topology/distances/point_scan.hpp"
#include "chronotope/topology/distances/remaining_points.hpp"

namespace chronotope::topology {

/// RemainingPoints on a grid of 16-bit numbers, a quarter of the bytes, and for every point a reach: says
/// where the point last looked from may have a key below the reach, and is never wrong about where it has
/// none.
///
/// A point u stands at q(u) = round((u - c) / s) for a centre c and the step s of the grid. Rounding moves a
/// coordinate by at most s / 2, so in dimension D
///     | |q(u) - q(v)| - |u - v| / s | <= sqrt(D).
/// The step is so wide that |q(u)| <= 16,000: then differences fit into 16 bits and squares into 32. Keys
/// that are not squares of distances are not bounded (Hamming: all points stand at 0), or from below alone.
///
/// Slots and blocks are those of RemainingPoints. Memory: 2 D + 4 bytes a point.
class CoarsePoints {
 public:
  static constexpr std::size_t kBlock = PointScan::kBlock;

  explicit CoarsePoints(const RemainingPoints& points, const PointScan& scan = point_scans().back());

  /// As in RemainingPoints.
  void look_from(std::size_t slot);
  void take(std::size_t slot);

  /// Every slot has a reach, infinite at first.
  void set_reach(std::size_t slot, double key) { limits_[slot] = squares_from(key); }
  /// The blocks in which a key may be below the reach of its slot, ascending; valid until the next call.
  std::span<const std::uint32_t> blocks_within_reach();

  /// The blocks among [first, end) in which a key may be in [low, high], valid until the next call, and how
  /// many keys of the others are below and above. Requires: no padding in these blocks, low <= high.
  struct Division {
    std::span<const std::uint32_t> blocks;
    std::uint64_t below = 0;
    std::uint64_t above = 0;
  };
  Division divide(std::size_t first, std::size_t end, double low, double high);

 private:
  std::size_t place(std::size_t slot, std::size_t pair) const {
    return 2 * ((slot / kBlock * pairs_ + pair) * kBlock + slot % kBlock);
  }
  std::int32_t squares_from(double key) const;
  std::int32_t squares_below(double key) const;
  double rounding_of_keys() const;

  const PointScan& scan_;
  std::size_t size_;
  std::size_t dimension_;
  std::size_t pairs_;  // of coordinates
  double step_ = 1;
  bool bounded_above_;  // whether squares bound keys from above
  std::vector<std::int16_t> blocks_;
  std::vector<std::int16_t> origin_;
  std::vector<std::int32_t> limits_;  // per slot: squares from here on are out of reach
  std::vector<std::uint32_t> found_;
};

}  // namespace chronotope::topology
