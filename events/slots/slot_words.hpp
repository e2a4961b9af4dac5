// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace chronotope::events {

/// What the blocks of slot trains are keyed by.
struct SlotKey {
  std::uint32_t low;
  std::uint32_t high;
};

/// When trains spike: not before the tick `open` of one slot, nor from the tick `closed` of another on.
struct SlotLife {
  std::int64_t first;
  double open;
  std::int64_t last;
  double closed;

  constexpr bool has(std::int64_t slot) const { return slot >= first && slot <= last; }
};

// How the words of a block become positions: the same for one channel and for vectors of them.

inline constexpr unsigned kPositionsPerBlock = 3;
inline constexpr unsigned kSpareBits = 22;  // of a word beside its position's 42

/// The third position of a block of two words.
template <class Word>
[[gnu::always_inline]] inline Word third_position(Word a, Word c) {
  return (a & ((std::uint64_t{1} << kSpareBits) - 1)) << 20 | (c & ((std::uint64_t{1} << 20) - 1));
}

/// x rounded down, but for whole numbers, which may become the one before. Requires: 0 <= x < 2^51.
template <class Real>
[[gnu::always_inline]] inline Real whole_below(Real x) {
  constexpr double kShift = 0x1.8p52;
  return ((x - 0.5) + kShift) - kShift;
}

}  // namespace chronotope::events
