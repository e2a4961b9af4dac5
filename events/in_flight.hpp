// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "chronotope/core/time.hpp"
#include "chronotope/events/timing_wheel.hpp"

namespace chronotope::events {

/// The spikes on their way along rows. A window takes all that arrive before its end, in no order: so they
/// wait in a timing wheel whose slots are about as long as a window, and nothing is ever sorted here.
///
/// Invariants:
/// 1. near_ holds every spike of slots up to current_, and at least one unless there is none.
/// 2. next_ is the first arrival.
/// Cost: O(1) per spike and window; a spike is looked at once more for every window that ends in its slot.
class InFlight {
 public:
  /// What is left of a row that a spike travels along.
  struct Spike {
    Time time;  // of its first arrival
    std::uint32_t projection = 0;
    std::uint32_t source = 0;
    std::uint64_t segment = 0;
    Time emitted;
  };
  static_assert(sizeof(Spike) == 48);

  /// Windows much shorter than this look at spikes too often: an EventQueue serves those better.
  static constexpr double kShortestWindow = 0x1p-10;  // [ms]

  explicit InFlight(Duration window)
      : wheel_({ticks_of(std::max(kShortestWindow, std::ldexp(1, std::ilogb(window.ms()))))}) {}

  Time next_time() const { return next_; }

  /// Requires: it does not arrive before what was taken.
  void push(const Spike& spike) {
    ++waiting_;
    place(spike);
    if (near_.empty()) advance();
  }

  /// Calls take(spike) for all that arrive before `end`, and expect(spike) for what will soon be looked at. What is pushed
  /// arrives at `end` or later.
  template <class Take, class Expect>
  void take_until(Time end, Take take, Expect expect) {
    if (next_ >= end) return;
    go_to(wheel_.slot(end - kTick));
    std::swap(near_, looked_at_);
    near_.clear();
    next_ = Time::never();
    for (std::size_t k = 0; k < looked_at_.size(); ++k) {
      const Spike& spike = looked_at_[k];
      if (k + kAhead < looked_at_.size()) expect(looked_at_[k + kAhead]);
      if (spike.time < end) {
        --waiting_;
        take(spike);
      } else {
        place(spike);
      }
    }
    advance();
  }

  /// Calls take(spike) for all, in no order.
  template <class Take>
  void for_each(Take take) const {
    for (const Spike& spike : near_) take(spike);
    wheel_.for_each(take);
  }

 private:
  static constexpr std::size_t kAhead = 8;

  void place(const Spike& spike) {
    const std::int64_t slot = wheel_.slot(spike.time);
    if (slot > current_) return wheel_.insert(wheel_.reachable(slot), spike);
    near_.push_back(spike);
    next_ = std::min(next_, spike.time);
  }
  void go_to(std::int64_t slot) {
    moved_.clear();
    wheel_.take_until(slot, [this](std::int64_t, std::span<const Spike> spikes) {
      moved_.insert(moved_.end(), spikes.begin(), spikes.end());
    });
    current_ = std::max(current_, slot);
    for (const Spike& spike : moved_) place(spike);
  }
  void advance() {
    while (near_.empty() && waiting_ > 0) go_to(wheel_.first());
  }

  TimingWheel<Spike> wheel_;
  std::int64_t current_ = -1;
  std::uint64_t waiting_ = 0;
  std::vector<Spike> near_;
  std::vector<Spike> looked_at_;
  std::vector<Spike> moved_;
  Time next_ = Time::never();
};

}  // namespace chronotope::events
