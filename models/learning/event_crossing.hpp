// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>

#include "chronotope/core/error.hpp"
#include "chronotope/core/exponential.hpp"
#include "chronotope/models/learning/propagator.hpp"
#include "chronotope/models/neurons/crossing.hpp"
#include "chronotope/models/neurons/exponential_sum.hpp"

namespace chronotope::models {

/// More receptors than any model has.
inline constexpr std::size_t kMostEventReceptors = 8;

/// A membrane between two events: x = V - V_inf, and of every receptor R I [mV] and its time constant [ms].
///
///   tau_m x' = -x + D,   D = sum D_s,   D_s' = -D_s/tau_s
struct FreeMembrane {
  double tau_m = 1;
  double x = 0;
  std::uint32_t receptors = 0;
  std::array<double, kMostEventReceptors> drive{};
  std::array<double, kMostEventReceptors> tau{};

  double total() const {
    double D = 0;
    for (std::uint32_t s = 0; s < receptors; ++s) D += drive[s];
    return D;
  }
  double slope() const { return (total() - x) / tau_m; }

  FreeMembrane after(double ms) const {
    std::array<double, kMostEventReceptors + 1> e{};
    e[0] = -ms / tau_m;
    for (std::uint32_t s = 0; s < receptors; ++s) e[s + 1] = -ms / tau[s];
    exp_all({e.data(), receptors + 1});
    FreeMembrane later = *this;
    later.x = e[0] * x;
    for (std::uint32_t s = 0; s < receptors; ++s) {
      later.x += SynapticPropagator::of(ms, tau_m, tau[s], e[0], e[s + 1]).phi * drive[s] / tau_m;
      later.drive[s] = e[s + 1] * drive[s];
    }
    return later;
  }

  /// dD/dt [mV/ms] when the drives have come down to the shares `rho`.
  double drift(const double* rho) const {
    double sum = 0;
    for (std::uint32_t s = 0; s < receptors; ++s) sum -= drive[s] * rho[s] / tau[s];
    return sum;
  }
};

/// The first time in [0, h) at which x reaches x_th > x, in ms; infinity if there is none. `rho` are the
/// drives' decays over h, a the membrane's, x_end is x then.
///
/// Three cases, by the sign of D' over the interval; up to two receptors D' has at most one zero, so its sign
/// at both ends decides:
/// 1. D' <= 0: while x rises it is concave (tau_m x'' = D' - x'), and once it falls it goes on falling.
///    Newton's steps from the left are lower bounds of the crossing that converge quadratically.
/// 2. D' >= 0: x has no peak, so it crosses once if x_end is above, and a bracket holds the crossing.
/// 3. Else the certified lower bounds of the engine's models (exponential_sum.hpp).
class CrossingSearch {
 public:
  static constexpr double kNone = std::numeric_limits<double>::infinity();

  static double first(const FreeMembrane& m, double x_th, double h, double a, const double* rho,
                      double x_end) {
    if (m.x >= x_th) return 0;
    if (!may_reach(m, x_th, a, rho)) return kNone;
    constexpr std::array<double, kMostEventReceptors> kNow{1, 1, 1, 1, 1, 1, 1, 1};
    const double drift = m.drift(kNow.data()), drift_end = m.drift(rho);
    const bool decides = m.receptors <= 2 || of_one_sign(m);
    if (decides && drift <= 0 && drift_end <= 0) return concave(m, x_th, h);
    if (decides && drift >= 0 && drift_end >= 0) return x_end < x_th ? kNone : bracketed(m, x_th, h);
    return certified(m, x_th, h);
  }

 private:
  /// A crossing nearer than this [ms] is where the walk is: a quarter of a tick.
  static constexpr double kResolution = kTickMs / 4;

  static bool may_reach(const FreeMembrane& m, double x_th, double a, const double* rho) {
    double push = 0;  // the most that D can be
    for (std::uint32_t s = 0; s < m.receptors; ++s) push += std::max(m.drive[s], m.drive[s] * rho[s]);
    return m.x + (1 - a) * std::max(0.0, push - m.x) >= x_th;
  }
  static bool of_one_sign(const FreeMembrane& m) {
    double low = 0, high = 0;
    for (std::uint32_t s = 0; s < m.receptors; ++s) {
      low = std::min(low, m.drive[s]);
      high = std::max(high, m.drive[s]);
    }
    return low == 0 || high == 0;
  }

  static double concave(const FreeMembrane& start, double x_th, double h) {
    FreeMembrane m = start;
    double t = 0;
    for (int steps = 0; steps < kMostSteps; ++steps) {
      const double slope = m.slope(), gap = x_th - m.x;
      if (gap <= 0) return t;
      if (slope <= 0) return kNone;
      const double step = gap / slope;
      t += step;
      if (t >= h) return kNone;
      if (step < kResolution) return t;
      m = start.after(t);
    }
    throw Failure("the steps towards a threshold crossing do not come to an end");
  }

  static double bracketed(const FreeMembrane& start, double x_th, double h) {
    double low = 0, high = h;
    FreeMembrane m = start;
    double t = 0;
    for (int steps = 0; steps < kMostSteps && high - low > kResolution; ++steps) {
      const double newton = t + (x_th - m.x) / m.slope();
      const double next = newton > low && newton < high ? newton : low + (high - low) / 2;
      if (std::abs(next - t) < kResolution) return next;
      t = next;
      m = start.after(t);
      (m.x < x_th ? low : high) = t;
    }
    return high;
  }

  static double certified(const FreeMembrane& m, double x_th, double h) {
    ExponentialSum<kMostEventReceptors> sum{m.tau_m, m.x, x_th, {}};
    for (std::uint32_t s = 0; s < m.receptors; ++s) sum.drives[s] = {m.drive[s], m.tau[s]};
    double t = 0;
    for (int steps = 0; steps < kMostSteps; ++steps) {
      const double ms = sum.after(t).time_below_threshold();
      if (t + ms >= h) return kNone;
      if (ms < kTickMs) return t + ms;
      t = std::max(t + ms, successor(t));
    }
    throw Failure("the steps towards a threshold crossing do not come to an end");
  }
};

}  // namespace chronotope::models
