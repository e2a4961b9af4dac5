// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <limits>

#include "chronotope/core/exponential.hpp"
#include "chronotope/core/time.hpp"

namespace chronotope::models {

/// V can not reach V_th.
inline constexpr double kNoCrossing = std::numeric_limits<double>::infinity();

/// Bounds nearer than this [ms] are followed at once; farther ones are worth a place in the queue, because
/// most of them are superseded by an arrival before their time.
inline constexpr double kNear = 0x1p-6;

/// Walks a sequence of lower bounds of the first threshold crossing from the left, from `start` on. `step(t)`
/// returns 0 when V(t) >= V_th, kNoCrossing, or how long [ms] V certainly stays below V_th after t.
///
/// Returns never, a bound that is still more than kNear away, or the crossing itself: the first visited time
/// at which the computed V reaches V_th. The bounds of the models here converge quadratically, so a crossing
/// is reached to the resolution of time (1e-13 ms) in a few steps; near a tangency the steps shrink to the
/// square root of the gap, not to zero, and every step is at least the resolution of time: the walk always
/// ends.
template <class Step>
Time first_crossing(Time start, Step step) {
  for (Time t = start;;) {
    const double ms = step(t);
    if (ms == 0) return t;
    if (ms == kNoCrossing) return Time::never();
    const Time bound = t + Duration{ms};
    if (ms > kNear) return bound;
    t = std::max(bound, next_after(t));
  }
}

/// Solution of slope s + curvature s^2/2 = gap: how long [ms] a V that is `gap` > 0 below threshold, rises
/// with `slope` and bends upwards by at most `curvature` >= 0 stays below it.
inline double parabola_bound(double gap, double slope, double curvature) {
  return 2 * gap / (slope + std::sqrt(slope * slope + 2 * curvature * gap));
}

/// How long V, relaxing with tau_m towards `level` > V_th, needs for the `gap` > 0 up to V_th = level -
/// distance.
inline double relaxation_time(double gap, double distance, double tau_m) {
  return tau_m * log1p(gap / distance);
}

}  // namespace chronotope::models
