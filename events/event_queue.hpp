// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <boost/heap/d_ary_heap.hpp>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "chronotope/events/event.hpp"
#include "chronotope/events/timing_wheel.hpp"

namespace chronotope::events {

/// The future events of a run in time order. Those of the current millisecond are in a 4-ary heap, later ones
/// wait in a timing wheel, where no order is needed yet: the heap of a thousand slow inputs holds a handful.
/// Nothing is searched for or changed inside. What is seconds away sleeps in a heap of its own, so that idle
/// inputs cost nothing.
///
/// Invariant: the heap holds every event of slots up to current_, and at least one unless the queue is empty.
/// Cost: push O(1) or O(log of the heap), pop O(log of the heap).
class EventQueue {
 public:
  Time next_time() const { return heap_.empty() ? Time::never() : heap_.top().time; }

  /// Requires: not before the event last popped.
  void push(const Event& event) {
    if (heap_.empty() && event.time >= current_end_) go_to(wheel_.slot(event.time));
    place(event);
  }
  /// Requires: not empty.
  Event pop() {
    const Event event = heap_.top();
    heap_.pop();
    while (heap_.empty() && (waiting_ > 0 || !far_.empty())) go_to(std::min(wheel_.first(), first_far()));
    return event;
  }

  /// Calls take(event) for all, in no order.
  template <class Take>
  void for_each(Take take) const {
    for (const Heap* heap : {&heap_, &far_})
      for (const Event& event : *heap) take(event);
    wheel_.for_each(take);
  }

 private:
  using Wheel = TimingWheel<Event>;
  using Heap = boost::heap::d_ary_heap<Event, boost::heap::arity<4>, boost::heap::compare<std::greater<>>>;
  static constexpr Offset kSlot{kTicksPerMs};              // a millisecond
  static constexpr std::int64_t kFar = 8 * Wheel::kSlots;  // slots: from there on a heap is cheaper

  void place(const Event& event) {
    if (event.time < current_end_) {
      heap_.push(event);
      return;
    }
    const std::int64_t slot = wheel_.slot(event.time);
    if (slot > current_ + kFar) {
      far_.push(event);
      return;
    }
    wheel_.insert(wheel_.reachable(slot), event);
    ++waiting_;
  }
  std::int64_t first_far() const { return far_.empty() ? Wheel::kNoSlot : wheel_.slot(far_.top().time); }
  /// Requires: the heap is empty, the slot is not after the first in the wheel.
  void go_to(std::int64_t slot) {
    moved_.clear();
    wheel_.take_until(slot, [this](std::int64_t, std::span<const Event> events) {
      moved_.insert(moved_.end(), events.begin(), events.end());
    });
    current_ = slot;
    current_end_ = wheel_.start(slot + 1);
    waiting_ -= moved_.size();
    for (const Event& event : moved_) place(event);
    for (; first_far() <= current_ + kFar; far_.pop()) place(far_.top());
  }

  Heap heap_;
  Wheel wheel_{kSlot};
  Heap far_;  // asleep until they are within kFar
  std::vector<Event> moved_;
  std::int64_t current_ = 0;
  Time current_end_ = wheel_.start(1);
  std::uint64_t waiting_ = 0;  // in the wheel
};

}  // namespace chronotope::events
