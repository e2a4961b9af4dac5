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

/// A bound nearer than this [ms], a tick, is the crossing itself: bounds converge quadratically, so what is
/// left is far below the resolution of time.
inline constexpr double kTickMs = 1 / kTicksPerMs;

/// The next time [ms] a walk may look at: a tick later, or the next double if that is farther.
inline double successor(double ms) {
  return ms + std::max(kTickMs, std::abs(ms) * std::numeric_limits<double>::epsilon());
}

/// A walk that has taken so many steps is given up: the neuron can not be followed.
inline constexpr int kMostSteps = 10'000;

/// Where a neuron can not be followed: its state is no number, or the steps of a walk do not come to an end.
inline constexpr CrossingBound kLost{std::numeric_limits<double>::quiet_NaN(), true};

/// Walks a sequence of lower bounds of the first threshold crossing from the left, from 0 on. `step(ms)`
/// returns 0 when V >= V_th then, kNoCrossing, or how long [ms] V certainly stays below V_th after that.
///
/// Returns infinity, a bound that is still more than kNear away and after `now`, or the crossing itself,
/// which may lie before `now`; kLost after kMostSteps or a step that is no number. The bounds of the models
/// here converge quadratically, so a crossing is reached in a few steps; near a tangency the steps shrink to
/// the square root of the gap, not to zero, and every step is at least a tick: the walk always ends.
template <class Step>
CrossingBound first_crossing(double now, Step step) {
  double t = 0;
  for (int steps = 0; steps < kMostSteps; ++steps) {
    const double ms = step(t);
    if (std::isnan(ms)) return kLost;
    if (ms < kTickMs) return {t + ms, true};
    const bool far = ms > kNear;
    const double bound = std::max(t + (far ? kCaution * ms : ms), successor(t));
    if (far && bound > now + kTickMs) return {bound, false};
    t = bound;
  }
  return kLost;
}

/// A crossing or bound `ms` after `start` as a time not before `now`; not a number stays that, and what is
/// beyond the end of every run is never.
inline CrossingTime crossing_time(Time start, Time now, CrossingBound found) {
  constexpr double kEndOfRuns = 0x1p50;  // [ms], > Time::kMaxMs
  if (found.ms >= kEndOfRuns) return {Time::never()};
  if (std::isnan(found.ms)) return {now, found.ms, true};
  const Duration after = Duration::nearest(found.ms);
  const Time at = start + after;
  if (at < now) return {now, 0, found.is_crossing};
  return {at, found.is_crossing ? (found.ms - after.ms()) * kTicksPerMs : 0, found.is_crossing};
}

/// The same for a model whose state was last changed at `start`: the walk begins there, whatever `now` is, so
/// that the last bit of a crossing does not depend on when it was asked for.
template <class Step>
CrossingTime first_crossing(Time start, Time now, Step step) {
  return crossing_time(start, now, first_crossing((now - start).ms(), step));
}

/// The first crossing from `start` [ms] on, known to be no farther than kNear, or a bound farther than that.
template <class Step>
CrossingBound unanchored_crossing(double start, Step step) {
  const CrossingBound found = first_crossing(0, [&](double after) { return step(start + after); });
  return {start + found.ms, found.is_crossing};
}

/// The first crossing from `start` [ms] on, or kLost, times being counted from an origin, for a step that may
/// be evaluated before `start`, too. The last bit of a crossing after `start` does not depend on where
/// `start` was: every stretch of 2^-8 ms is walked from its begin.
template <class Step>
CrossingBound anchored_crossing(double start, Step step) {
  constexpr double kStretch = 0x1p-8;
  const auto begin_of_stretch = [](double t) { return std::floor(t / kStretch) * kStretch; };
  const double first = step(start);
  if (std::isnan(first)) return kLost;
  if (first == 0) return {start, true};
  if (first > kNear) return {start + kCaution * first, false};
  double stretch = begin_of_stretch(start + first);
  double t = stretch;
  for (int steps = 0; steps < kMostSteps; ++steps) {
    const double ms = step(t);
    if (std::isnan(ms)) return kLost;
    if (ms > kNear) return {t + kCaution * ms, false};
    if (ms < kTickMs) return t + ms > start ? CrossingBound{t + ms, true} : unanchored_crossing(start, step);
    t = std::max(t + ms, successor(t));
    if (begin_of_stretch(t) > stretch) t = stretch = begin_of_stretch(t);
  }
  return kLost;
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
