// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>

#include "chronotope/core/decimal.hpp"

namespace chronotope::events {

/// The times n dt, dt a whole number of ticks, and the ways to get from times to n: all exact.
class TimeGrid {
 public:
  /// `dt` [ms], as it was stated.
  explicit TimeGrid(double dt) : dt_(decimal(dt).value) {}

  Duration dt() const { return dt_; }
  Time at(std::int64_t n) const { return Time() + n * dt_; }

  /// The last n with at(n) <= t.
  std::int64_t floor(Time t) const { return floor_ratio(t - Time(), dt_); }
  /// The first n with at(n) >= t.
  std::int64_t ceil(Time t) const { return -floor_ratio(Time() - t, dt_); }
  /// As floor, but a time that is less than `slack` steps below a multiple counts as on it.
  std::int64_t floor(Time t, double slack) const { return steps_down(t - Time(), slack); }
  /// The nearest number of steps, halves up.
  std::int64_t steps(Duration d) const { return floor_ratio(2 * d + dt_, 2 * dt_); }
  std::int64_t steps_down(Duration d, double slack) const {
    const std::int64_t n = floor_ratio(d, dt_);
    return n + static_cast<std::int64_t>(std::floor((d - n * dt_).ms() / dt_.ms() + slack));
  }

 private:
  Duration dt_;
};

}  // namespace chronotope::events
