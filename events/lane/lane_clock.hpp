// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "chronotope/core/time.hpp"

namespace chronotope::events {

/// The times of a lane: offsets count from an origin, which moves on by whole steps, and lie in [0, step] of a
/// window, and a slot beyond with a drive. They are exact.
class LaneClock {
 public:
  explicit LaneClock(Offset step) : step_(step) {}

  Offset step() const { return step_; }
  Time origin() const { return origin_; }
  Offset offset(Time t) const { return t.since(origin_); }
  Time time(Offset t) const { return origin_ + t; }

  /// Whole steps from the origin to t, which is not before it.
  std::int64_t steps_to(Time t) const {
    return offset(t) < step_ ? 0 : floor_ratio(t - origin_, Duration::from_ticks(step_.ticks));
  }
  void move_origin(std::int64_t steps) { origin_ = origin_ + steps * Duration::from_ticks(step_.ticks); }
  void set_origin(Time origin) { origin_ = origin; }

  /// Of the window that was opened last.
  Offset begin() const { return begin_; }
  Offset end() const { return end_; }
  void open(Time begin, Time end) {
    begin_ = offset(begin);
    end_ = offset(end);
  }

 private:
  Offset step_;
  Time origin_;
  Offset begin_;
  Offset end_;
};

}  // namespace chronotope::events
