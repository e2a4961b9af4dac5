// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include "chronotope/core/exponential.hpp"
#include "chronotope/core/neuron_model.hpp"
#include "chronotope/core/time.hpp"

namespace chronotope::models {

/// V can not reach V_th; never, where times are milliseconds from an origin.
inline constexpr double kNoCrossing = std::numeric_limits<double>::infinity();

/// Bounds nearer than this [ms] are followed at once; farther ones are returned first, because an arrival may
/// come before them.
inline constexpr double kNear = 0x1p-6;

/// Of a far bound this share is used: a bound that happens to be the crossing must not be landed on from
/// afar.
inline constexpr double kCaution = 1 - 0x1p-20;

// The two ways to count time, for first_crossing.
inline Time later(Time t, double ms) { return ms == kNoCrossing ? Time::never() : t + Duration{ms}; }
inline double later(double t, double ms) { return t + ms; }
inline Time successor(Time t) { return next_after(t); }
inline double successor(double t) { return t + 0x1p-43; }

/// Walks a sequence of lower bounds of the first threshold crossing from the left, from `start` on. `step(t)`
/// returns 0 when V(t) >= V_th, kNoCrossing, or how long [ms] V certainly stays below V_th after t.
///
/// Returns never, a bound that is still more than kNear away, or the crossing itself: the first visited time
/// at which the computed V reaches V_th. The bounds of the models here converge quadratically, so a crossing
/// is reached to the resolution of time (1e-13 ms) in a few steps; near a tangency the steps shrink to the
/// square root of the gap, not to zero, and every step is at least the resolution of time: the walk always
/// ends.
///
/// A model's walk starts at `start`, where its state was last changed, whatever `now` is, so that the last
/// bit of a crossing does not depend on when it was asked for; what lies before `now` is no answer.
template <class Instant, class Step>
Instant first_crossing(Instant start, Instant now, Step step) {
  for (Instant t = start;;) {
    const double ms = step(t);
    if (ms == 0) return std::max(t, now);
    const bool far = ms > kNear;
    const Instant bound = std::max(later(t, far ? kCaution * ms : ms), successor(t));
    if (far && bound > now) return bound;
    t = bound;
  }
}
template <class Instant, class Step>
Instant first_crossing(Instant start, Step step) {
  return first_crossing(start, start, step);
}

/// The first crossing from `start`, known to be no farther than kNear, or a bound farther than that.
template <class Step>
CrossingBound unanchored_crossing(double start, Step step) {
  const double found = first_crossing(start, step);
  return {found, found <= start + kNear || step(found) == 0};
}

/// The same, with times counted from an origin, for a step that may be evaluated before `start`, too. The
/// last bit of a crossing after `start` does not depend on where `start` was: every stretch of 2^-8 ms is
/// walked from its begin. It is rounded up to the resolution of time.
template <class Step>
CrossingBound anchored_crossing(double start, Step step) {
  constexpr double kStretch = 0x1p-8;
  constexpr double kResolution = 0x1p-43;
  const auto begin_of_stretch = [](double t) { return std::floor(t / kStretch) * kStretch; };
  const double first = step(start);
  if (first == 0) return {start, true};
  if (first > kNear) return {later(start, kCaution * first), false};
  double stretch = begin_of_stretch(start + first);
  for (double t = stretch;;) {
    const double ms = step(t);
    if (ms > kNear) return {later(t, kCaution * ms), false};
    if (ms < kResolution) {
      t = round_to_resolution(t + ms);
      return t > start ? CrossingBound{t, true} : unanchored_crossing(start, step);
    }
    t = std::max(t + ms, successor(t));
    if (begin_of_stretch(t) > stretch) t = stretch = begin_of_stretch(t);
  }
}

/// Solution of slope s + curvature s^2/2 = gap: how long [ms] a V that is `gap` > 0 below threshold, rises
/// with `slope` and bends upwards by at most `curvature` >= 0 stays below it.
inline double parabola_bound(double gap, double slope, double curvature) {
  const double root = std::sqrt(slope * slope + 2 * curvature * gap);
  const bool falls = slope < 0;  // the root is written so that nothing cancels
  return (falls ? root - slope : 2 * gap) / (falls ? curvature : slope + root);
}

/// How long V, relaxing with tau_m towards `level` > V_th, needs for the `gap` > 0 up to V_th = level -
/// distance.
inline double relaxation_time(double gap, double distance, double tau_m) {
  return tau_m * log1p(gap / distance);
}

/// A lower bound of the same without a logarithm, of third order in the gap: log1p(x) >= 2x/(2 + x).
inline double relaxation_bound(double gap, double distance, double tau_m) {
  return tau_m * (2 * gap / (2 * distance + gap));
}

}  // namespace chronotope::models
