// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "chronotope/topology/homology/edge_ranks.hpp"

namespace chronotope::topology {

/// A triangle named by its latest edge and the vertex opposite to it.
struct Triangle {
  Rank latest;
  std::uint32_t opposite;
};

/// The triangles of a working column over Z/2 whose latest edge has a rank in [begin, end): one row of bits
/// per rank, one bit per opposite vertex, so that adding a triangle twice cancels by itself, and one summary
/// bit per row that may be occupied. Everything outside the window is left to be enumerated again when the
/// window moves.
class BitWindow {
 public:
  explicit BitWindow(std::size_t objects) : words_per_row_((objects + 63) / 64) {}

  Rank begin() const { return begin_; }
  Rank end() const { return end_; }

  /// Moves the window to [begin, end). Requires: it is empty.
  void move_to(Rank begin, Rank end) {
    begin_ = begin;
    end_ = end;
    const auto rows = static_cast<std::size_t>(end - begin);
    if (rows * words_per_row_ > words_.size()) words_.resize(rows * words_per_row_, 0);
    if ((rows + 63) / 64 > occupied_.size()) occupied_.resize((rows + 63) / 64, 0);
  }

  /// Requires: begin() <= t.latest < end().
  void toggle(Triangle t) {
    const auto row = static_cast<std::size_t>(t.latest - begin_);
    words_[row * words_per_row_ + t.opposite / 64] ^= std::uint64_t{1} << (t.opposite % 64);
    occupied_[row / 64] |= std::uint64_t{1} << (row % 64);
  }

  /// The earliest triangle with latest edge in [from, to). Requires: begin() <= from, to <= end(), and no row
  /// before `from` is occupied.
  std::optional<Triangle> first(Rank from, Rank to) {
    while (from < to) {
      const auto row = static_cast<std::size_t>(from - begin_);
      const std::uint64_t rest = occupied_[row / 64] >> (row % 64);
      if (rest == 0) {
        from += static_cast<Rank>(64 - row % 64);
      } else if (std::countr_zero(rest) > 0) {
        from += std::countr_zero(rest);
      } else if (const auto opposite = first_in_row(row)) {
        return Triangle{from, *opposite};
      } else {
        occupied_[row / 64] &= ~(std::uint64_t{1} << (row % 64));
      }
    }
    return std::nullopt;
  }

  void clear() {
    for (std::size_t word = 0; word < occupied_.size(); ++word)
      for (; occupied_[word] != 0; occupied_[word] &= occupied_[word] - 1)
        clear_row(word * 64 + static_cast<std::size_t>(std::countr_zero(occupied_[word])));
  }

 private:
  std::optional<std::uint32_t> first_in_row(std::size_t row) const {
    for (std::size_t word = 0; word < words_per_row_; ++word)
      if (const std::uint64_t bits = words_[row * words_per_row_ + word])
        return static_cast<std::uint32_t>(word * 64) + static_cast<std::uint32_t>(std::countr_zero(bits));
    return std::nullopt;
  }

  void clear_row(std::size_t row) {
    for (std::size_t word = 0; word < words_per_row_; ++word) words_[row * words_per_row_ + word] = 0;
  }

  std::size_t words_per_row_;
  Rank begin_ = 0;
  Rank end_ = 0;
  std::vector<std::uint64_t> words_;
  std::vector<std::uint64_t> occupied_;
};

}  // namespace chronotope::topology
