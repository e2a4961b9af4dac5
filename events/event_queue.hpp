// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/heap/d_ary_heap.hpp>
#include <cstddef>
#include <functional>

#include "chronotope/events/event.hpp"

namespace chronotope::events {

/// The future events of a run in time order: a 4-ary heap of values. Nothing is searched for or changed
/// inside. Cost: push and pop O(log n).
class EventQueue {
 public:
  bool empty() const { return heap_.empty(); }
  std::size_t size() const { return heap_.size(); }
  Time next_time() const { return heap_.empty() ? Time::never() : heap_.top().time; }

  void push(const Event& event) { heap_.push(event); }
  /// Requires: not empty.
  Event pop() {
    const Event event = heap_.top();
    heap_.pop();
    return event;
  }

 private:
  boost::heap::d_ary_heap<Event, boost::heap::arity<4>, boost::heap::compare<std::greater<>>> heap_;
};

}  // namespace chronotope::events
