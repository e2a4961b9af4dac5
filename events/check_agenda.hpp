// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "chronotope/core/prefetch.hpp"
#include "chronotope/core/time.hpp"
#include "chronotope/events/exactness.hpp"
#include "chronotope/events/timing_wheel.hpp"

namespace chronotope::events {

/// When each neuron of a lane is to be looked at again: at most one live check each, in slots of a timing
/// wheel. A check that was replaced stays where it was, and is dropped when its slot comes. A check may be
/// taken early, by less than a slot or because it lies beyond the wheel, never late.
///
/// Cost: O(1) per check. Memory: 8 bytes per neuron, 4 per check.
class CheckAgenda {
 public:
  /// Every neuron has a check at `now`, where `origin` is what offsets are counted from. Slots are about
  /// `slot` long.
  CheckAgenda(Offset slot, std::uint32_t size, Time origin, Time now) : wheel_(slot), due_(size, 0) {
    wheel_.take_until(wheel_.slot(now), [](std::int64_t, std::span<const std::uint32_t>) {});
    set_origin(origin);
    for (std::uint32_t i = 0; i < size; ++i) put(i, wheel_.slot(now));
  }

  void set_origin(Time origin) {
    origin_ = origin;
    origin_slot_ = wheel_.slot(origin);
  }

  /// When a window must begin at the latest.
  Time next() const {
    const std::int64_t slot = wheel_.first();
    if (slot == Wheel::kNoSlot) return Time::never();
    return slot > taken_ ? wheel_.start(slot) : soonest_;
  }

  /// The neurons whose checks may be due before `end`, until the next call. They have none any more.
  std::span<const std::uint32_t> take_until(Time end, EventCounts& counts) {
    if (end > taken_until_) {
      taken_ = wheel_.slot(end - kTick);
      taken_until_ = wheel_.start(taken_ + 1);
    }
    soonest_ = Time::never();
    due_now_.clear();
    wheel_.take_until(taken_, [&](std::int64_t slot, std::span<const std::uint32_t> neurons) {
      for (std::size_t k = 0; k < neurons.size(); ++k) {
        if (k + kAhead < neurons.size()) prefetch_line(&due_[neurons[k + kAhead]]);
        take(neurons[k], slot, counts);
      }
    });
    counts.wake_ups += due_now_.size();
    return due_now_;
  }

  /// Puts neuron i's check so many ticks from the origin, or hardly before.
  void schedule(std::uint32_t i, double ticks) {
    const std::int64_t slot = wheel_.reachable(origin_slot_, std::min(ticks, kFar));
    if (slot <= taken_) soonest_ = std::min(soonest_, origin_ + Offset{std::floor(ticks)});
    if (due_[i] != slot) put(i, slot);
  }
  void schedule_at(std::uint32_t i, Time t) { put(i, wheel_.reachable(wheel_.slot(t))); }
  void cancel(std::uint32_t i) { due_[i] = Wheel::kNoSlot; }
  void cancel_all() { std::ranges::fill(due_, Wheel::kNoSlot); }

 private:
  using Wheel = TimingWheel<std::uint32_t>;

  static constexpr std::size_t kAhead = 12;           // neurons whose memory is asked for before it is needed
  static constexpr double kFar = 2 * kTicksPerEpoch;  // beyond what the wheel reaches

  void put(std::uint32_t i, std::int64_t slot) {
    due_[i] = slot;
    wheel_.insert(slot, i);
  }
  void take(std::uint32_t i, std::int64_t slot, EventCounts& counts) {
    if (due_[i] != slot) {
      ++counts.superseded;
      return;
    }
    due_[i] = Wheel::kNoSlot;
    due_now_.push_back(i);
  }

  Wheel wheel_;
  std::vector<std::int64_t> due_;  // slot of each neuron's live check
  Time origin_;
  std::int64_t origin_slot_ = 0;
  std::int64_t taken_ = -1;       // the last slot whose checks were taken
  Time taken_until_;              // its end
  Time soonest_ = Time::never();  // of the checks that were put back into it
  std::vector<std::uint32_t> due_now_;
};

}  // namespace chronotope::events
