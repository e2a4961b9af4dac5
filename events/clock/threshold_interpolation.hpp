// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>

namespace chronotope::events {

/// V - V_th at one end of an interval, and its derivative.
struct ThresholdEnd {
  double excess;  // [mV]
  double rate;    // [mV/ms]
};

/// Where the line through both ends crosses, in shares of the interval.
/// Requires: begin.excess < 0 <= end.excess.
inline double linear_crossing(const ThresholdEnd& begin, const ThresholdEnd& end) {
  return begin.excess / (begin.excess - end.excess);
}

/// Where the Hermite cubic through both ends crosses, in shares of an interval of `length` ms. A Newton step
/// that leaves the bracket is replaced by halving it, so the search always ends. Requires: begin.excess < 0
/// <= end.excess.
inline double cubic_crossing(const ThresholdEnd& begin, const ThresholdEnd& end, double length) {
  const double r0 = begin.rate * length, r1 = end.rate * length;
  const double c3 = 2 * (begin.excess - end.excess) + r0 + r1;
  const double c2 = -3 * (begin.excess - end.excess) - 2 * r0 - r1;
  double low = 0, high = 1, s = linear_crossing(begin, end);
  for (int k = 0; k < 60; ++k) {
    const double value = begin.excess + s * (r0 + s * (c2 + s * c3));
    (value < 0 ? low : high) = s;
    const double newton = s - value / (r0 + s * (2 * c2 + s * 3 * c3));
    const double next = newton >= low && newton <= high ? newton : (low + high) / 2;
    if (std::abs(next - s) <= 0x1p-52) return next;
    s = next;
  }
  return s;
}

}  // namespace chronotope::events
