// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "chronotope/core/time.hpp"

namespace chronotope::topology {

/// Which spike of one train is which of another.
struct SpikeMatching {
  /// (place in a, place in b), ascending in both.
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  std::vector<std::size_t> only_a;
  std::vector<std::size_t> only_b;
};

/// The monotone matching of least cost, where a pair t apart costs 2 t/window and a spike without partner 1:
/// so spikes less than `window` apart are paired rather than left alone. It is the alignment behind the
/// Victor-Purpura distance with q = 2/window.
///
/// Dynamic programme over pairs of prefixes, of which only those within the window of each other are looked
/// at: O(n + m + pairs within the window) time and memory. Requires: trains in order of time, window > 0.
SpikeMatching match_spikes(std::span<const Time> a, std::span<const Time> b, Duration window);

}  // namespace chronotope::topology
