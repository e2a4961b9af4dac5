// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "chronotope/core/time.hpp"

namespace chronotope::events {

/// Entries that wait for their slot of time, without an order among those of one slot: an append to insert,
/// no heap operation. What lies beyond the wheel's horizon waits in its last slot and has to be put back
/// then.
///
/// Invariants:
/// 1. Slot k covers [k width, (k + 1) width); width is whole ticks and 2^-n epochs, so slots are exact at any
///    epoch.
/// 2. All entries lie in [current, current + kSlots).
template <class Entry>
class TimingWheel {
 public:
  static constexpr std::int64_t kSlots = 512;
  static constexpr std::int64_t kNoSlot = std::numeric_limits<std::int64_t>::max();

  /// Requires: 2^n slots of that width make an epoch.
  explicit TimingWheel(Offset width)
      : width_(width.ticks),
        per_tick_((1 - 0x1p-50) / width.ticks),
        log_per_epoch_(std::ilogb(kTicksPerEpoch / width.ticks)) {}

  std::int64_t slot(Time t) const {
    return (t.epoch() << log_per_epoch_) + static_cast<std::int64_t>(t.ticks() / width_);
  }
  Time start(std::int64_t slot) const {
    const std::int64_t epoch = slot >> log_per_epoch_;
    return Time::from_parts(epoch, static_cast<double>(slot - (epoch << log_per_epoch_)) * width_);
  }

  /// The slot, or the nearest to it that the wheel has now.
  std::int64_t reachable(std::int64_t slot) const {
    return std::clamp(slot, current_, current_ + kSlots - 1);
  }
  /// The one that holds the time `ticks` after the begin of slot `from`, or the one before where that begins.
  std::int64_t reachable(std::int64_t from, double ticks) const {
    return reachable(from + static_cast<std::int64_t>(ticks * per_tick_));
  }

  /// Requires: the slot is reachable.
  void insert(std::int64_t slot, const Entry& entry) {
    Slot& waiting = slots_[place(slot)];
    if (waiting.count == waiting.entry.size()) waiting.entry.resize(2 * waiting.count + 16);
    waiting.entry[waiting.count++] = entry;
    occupied_[place(slot) / 64] |= std::uint64_t{1} << place(slot) % 64;
  }

  /// The first slot with an entry; kNoSlot when there is none. Cost: a few words looked at.
  std::int64_t first() const {
    const std::size_t from = place(current_);
    for (std::size_t k = 0; k <= kWords; ++k) {
      const std::size_t word = (from / 64 + k) % kWords;
      std::uint64_t bits = occupied_[word];
      if (k == 0) bits &= ~std::uint64_t{0} << from % 64;
      if (k == kWords) bits &= ~(~std::uint64_t{0} << from % 64);
      if (bits == 0) continue;
      const std::size_t found = word * 64 + static_cast<std::size_t>(std::countr_zero(bits));
      return current_ + static_cast<std::int64_t>((found + kSlots - from) % kSlots);
    }
    return kNoSlot;
  }

  /// Calls take(slot, entries) for every slot up to `last` that has entries, in order, and empties them;
  /// `last` is current then.
  template <class Take>
  void take_until(std::int64_t last, Take take) {
    for (std::int64_t slot; (slot = first()) <= last;) {
      current_ = slot;
      Slot& entries = slots_[place(slot)];
      take(slot, std::span<const Entry>(entries.entry).first(entries.count));
      entries.count = 0;
      occupied_[place(slot) / 64] &= ~(std::uint64_t{1} << place(slot) % 64);
    }
    current_ = std::max(current_, last);
  }

  /// Calls take(entry) for all, in no order.
  template <class Take>
  void for_each(Take take) const {
    for (const Slot& slot : slots_)
      for (std::size_t k = 0; k < slot.count; ++k) take(slot.entry[k]);
  }

 private:
  static constexpr std::size_t kWords = kSlots / 64;

  struct Slot {
    std::vector<Entry> entry;  // room for more than `count`, so that an insertion is a store
    std::size_t count = 0;
  };

  static std::size_t place(std::int64_t slot) { return static_cast<std::size_t>(slot) % kSlots; }

  double width_;     // [ticks]
  double per_tick_;  // of slots, hardly less
  int log_per_epoch_;
  std::int64_t current_ = 0;
  std::array<Slot, kSlots> slots_;
  std::array<std::uint64_t, kWords> occupied_{};
};

}  // namespace chronotope::events
