// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>

#include "chronotope/core/time.hpp"

namespace chronotope::events {

/// The times n dt, and the ways to get from times to n.
///
/// A dt that is a whole number of 1e-9 ms is meant in decimal: step 3 of 0.1 ms is the Time nearest to 0.3,
/// not to three times the double nearest to 0.1.
class TimeGrid {
 public:
  explicit TimeGrid(double dt) : dt_(dt), tick_{std::round(dt * 0x1p43) * 0x1p-43} {
    const double units = std::round(dt * kUnitsPerMs);
    if (units / kUnitsPerMs == dt) units_ = static_cast<std::int64_t>(units);
  }

  double dt() const { return dt_; }
  /// The Time nearest to n dt.
  Time at(std::int64_t n) const {
    constexpr auto kUnitsPerEpoch = static_cast<std::int64_t>(Time::kEpochMs * kUnitsPerMs);
    if (units_ != 0 && n < (std::int64_t{1} << 62) / units_) {
      const std::int64_t units = n * units_;
      return Time::from_parts(units / kUnitsPerEpoch,
                              static_cast<double>(units % kUnitsPerEpoch) / kUnitsPerMs);
    }
    const auto k = static_cast<double>(n);
    const double product = k * dt_;
    return Time() + Duration{product} + Duration{std::fma(k, dt_, -product)};
  }

  /// A second clock for plasticity rules, on which sums of steps are exact, so that what falls on one step is
  /// simultaneous: dt rounded to a multiple of 2^-43 ms.
  Duration tick() const { return tick_; }

  /// The last n with at(n) <= t.
  std::int64_t floor(Time t) const {
    auto n = static_cast<std::int64_t>(std::floor(t.to_ms() / dt_));
    while (t < at(n)) --n;
    while (!(t < at(n + 1))) ++n;
    return n;
  }
  /// The same, but a time that is less than `slack` steps below a multiple counts as on it.
  std::int64_t floor(Time t, double slack) const {
    const std::int64_t n = floor(t);
    return n + static_cast<std::int64_t>(std::floor((t - at(n)).ms / dt_ + slack));
  }
  /// The first n with n dt >= t; a time that is less than `slack` steps above a multiple counts as on it.
  std::int64_t ceil(Time t, double slack) const {
    const std::int64_t n = floor(t);
    return n + static_cast<std::int64_t>(std::ceil((t - at(n)).ms / dt_ - slack));
  }
  /// The nearest number of steps, halves up.
  std::int64_t steps(Duration d) const { return static_cast<std::int64_t>(std::floor(d.ms / dt_ + 0.5)); }
  std::int64_t steps_down(Duration d, double slack) const {
    return static_cast<std::int64_t>(std::floor(d.ms / dt_ + slack));
  }

 private:
  static constexpr double kUnitsPerMs = 1e9;

  double dt_;
  Duration tick_;
  std::int64_t units_ = 0;  // of 1e-9 ms in a step; 0 when that is no whole number
};

}  // namespace chronotope::events
