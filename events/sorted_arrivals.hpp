// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "chronotope/core/connectivity.hpp"
#include "chronotope/events/event.hpp"

namespace chronotope::events {

/// The arrivals of a window at neurons [first, first + size), by target, of one target by time, of one time
/// by projection and segment: what depends on nothing but the network, in which order they are added up.
///
/// They are dealt out to blocks of neighbouring targets, a handful to each, and sorted there. Cost: some 5 to
/// 10 ns per arrival, and one step per block; one step per synapse of other neurons. Memory: 32 bytes per
/// arrival in a window, reused.
class SortedArrivals {
 public:
  /// One arrival: at synapse `place` of the delivery's run.
  struct Arrival {
    std::uint64_t key;
    std::uint32_t delivery;
    std::uint32_t place;
  };

  /// The longest window there may be for a lane of `size` neurons, whose numbers share 64 bits with the time.
  static Duration longest_window(std::uint32_t size) {
    return Duration::from_ticks(std::ldexp(1, time_bits(size)));
  }

  SortedArrivals(std::uint32_t first, std::uint32_t size)
      : first_(first), size_(size), time_bits_(time_bits(size)) {}

  /// Begins a window, or a slice of one, with about `count` arrivals.
  void begin(Time begin, std::uint64_t count);
  /// Adds what of the delivery's segments [first, last) arrives at these neurons. Requires: in the window.
  void add(const Connectivity& connectivity, const Delivery& delivery, std::uint32_t number,
           std::uint64_t first, std::uint64_t last);
  std::span<const Arrival> sort(std::span<const Delivery> deliveries);

  /// Of an arrival, counted from the first neuron.
  std::uint32_t target(const Arrival& a) const { return static_cast<std::uint32_t>(a.key >> time_bits_); }
  Offset since_begin(const Arrival& a) const {
    return {static_cast<double>(a.key & ((std::uint64_t{1} << time_bits_) - 1))};
  }

 private:
  /// Of a count of ticks: at most a millisecond's.
  static int time_bits(std::uint32_t size) {
    return std::min(40, 64 - static_cast<int>(std::bit_width(size)));
  }

  void push(std::uint32_t target, std::uint64_t ticks, std::uint32_t delivery, std::uint64_t place) {
    arrivals_.push_back(
        {std::uint64_t{target} << time_bits_ | ticks, delivery, static_cast<std::uint32_t>(place)});
    ++block_end_[target >> block_shift_];
  }

  std::uint32_t first_;
  std::uint32_t size_;
  int time_bits_;
  Time begin_;
  int block_shift_ = 0;
  std::vector<std::uint32_t> block_end_;  // counts, then where the block ends
  std::vector<Arrival> arrivals_;
  std::vector<Arrival> sorted_;
};

}  // namespace chronotope::events
