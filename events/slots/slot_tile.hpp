// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "chronotope/events/slots/slot_words.hpp"

namespace chronotope::events {

/// Channels whose slots are drawn and summed together, in columns. Plain arrays, because what is compiled for
/// some processors only must share no inline function with the rest.
struct SlotTile {
  static constexpr std::size_t kMost = 256;
  static constexpr std::size_t kMostSums = 2;

  SlotKey key;
  SlotLife life;
  double length;  // of a slot [ticks]

  std::uint64_t arrival_slot;
  std::uint64_t channel;  // the first
  std::size_t size;
  std::size_t sums;

  // Of each channel, or of the first for all when they are alike
  bool are_alike;
  const std::uint64_t* delay;  // from the slot of a spike to that of its arrival
  const double* shift;         // what the delay is beyond that, in [0, length)
  const double* scale;         // of positions
  const double* exponent[kMostSums];
  alignas(64) std::uint64_t count_word[kMost];
  alignas(64) std::uint64_t position_word[kMost];  // of the first position
  alignas(64) double number[kMost];                // of positions
  std::uint16_t order[kMost];                      // places of channels by number of blocks

  /// In that order.
  struct Sums {
    double count[kMost];
    double exponential[kMostSums][kMost];  // the sum of e^(exponent z), z from -1 to 1 over the slot
    double difference[kMost];              // if there are two: theirs, by that of the exponents
  };
  Sums early;  // of what arrives in the slot
  Sums late;   // and in the next one
};

/// What is done to a tile in vectors, compiled once for each width.
struct SlotKernels {
  using Step = void (*)(SlotTile& tile);

  static constexpr std::size_t kDegreeCount = 6;
  static constexpr std::size_t kDegrees[kDegreeCount] = {6, 7, 9, 12, 15, 18};

  Step first_words;         // from the delays
  Step sums[kDegreeCount];  // the early ones by Taylor series of a degree, from everything else
  Step sums_and_late[kDegreeCount];
};

extern const SlotKernels kSlotsByTwo;
/// Requires: AVX2.
extern const SlotKernels kSlotsByFour;
/// Requires: AVX-512F.
extern const SlotKernels kSlotsByEight;

}  // namespace chronotope::events
