// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "chronotope/core/time.hpp"

namespace chronotope {

/// The spikes of one neuron that some synapse may not have accounted for yet. Spikes are numbered from 0 over
/// the whole run; a synapse remembers the number of the first it has not seen. Numbers wrap after 2^32, which
/// is harmless while fewer than 2^32 are pending.
class SpikeHistory {
 public:
  void record(Time t) { times_.push_back(t); }

  /// The number the next spike will have.
  std::uint32_t end() const { return first_ + static_cast<std::uint32_t>(times_.size()); }
  /// Spikes number `from`, from + 1, ... Requires: none of them was forgotten.
  std::span<const Time> since(std::uint32_t from) const {
    return std::span(times_).subspan(static_cast<std::uint32_t>(from - first_));
  }
  /// Forgets all spikes. Requires: every synapse has accounted for them.
  void forget() {
    first_ = end();
    times_.clear();
  }

 private:
  std::vector<Time> times_;
  std::uint32_t first_ = 0;
};

}  // namespace chronotope
