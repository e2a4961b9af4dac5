// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace chronotope::events {

/// Poisson-distributed counts of one mean, each made of a uniform 64-bit word by inversion (Devroye 1986,
/// III.2, with a guide table: III.2.4). The distribution function is exact to 2^-64; counts beyond that, about
/// 80 at a mean of 17, do not occur. Requires: a mean in (0, 40]. Memory: 1 KiB and 8 bytes per count.
class CountTable {
 public:
  explicit CountTable(double mean);

  std::uint8_t count(std::uint64_t word) const {
    std::size_t n = guide_[word >> kShift];
    while (word > last_[n]) ++n;
    return static_cast<std::uint8_t>(n);
  }
  /// The last word of each count.
  const std::vector<std::uint64_t>& last_words() const { return last_; }

 private:
  static constexpr int kShift = 54;

  std::vector<std::uint64_t> last_;
  std::array<std::uint8_t, std::size_t{1} << (64 - kShift)>
      guide_{};  // the count of the first word of a cell
};

}  // namespace chronotope::events
