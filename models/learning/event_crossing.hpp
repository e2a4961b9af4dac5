// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>

#include "chronotope/core/error.hpp"
#include "chronotope/core/exponential_pair.hpp"
#include "chronotope/models/closed_forms/crossing.hpp"
#include "chronotope/models/closed_forms/exponential_sum.hpp"
#include "chronotope/models/learning/propagator.hpp"

namespace chronotope::models {

/// More receptors than any model has.
inline constexpr std::size_t kMostEventReceptors = 8;

/// A membrane between two events: x = V - V_inf, and of every receptor D_s = R I_s [mV]:
///
///   tau_m x' = -x + D,   D = sum D_s,   D_s' = -D_s/tau_s
///
/// Receptors is how many there are; those of a neuron with fewer have D_s = 0.
template <std::size_t Receptors>
struct FreeMembrane {
  double rate_m = 1;  // 1/tau_m [1/ms]
  double x = 0;
  std::array<double, Receptors> drive{};
  std::array<double, Receptors> rate = filled(1);             // 1/tau_s
  std::array<double, Receptors> rate_difference = filled(0);  // 1/tau_m - 1/tau_s

  double total() const {
    double D = 0;
    for (const double d : drive) D += d;
    return D;
  }
  double slope() const { return (total() - x) * rate_m; }

  FreeMembrane after(double ms) const {
    // Four at least: one vector serves as soon as one number does.
    std::array<double, std::max<std::size_t>(Receptors + 1, 4)> e{};
    e[0] = -ms * rate_m;
    for (std::size_t s = 0; s < Receptors; ++s) e[s + 1] = -ms * rate[s];
    if constexpr (Receptors == 1)
      exp_pair(e[0], e[1]);
    else
      exp_all(e);
    FreeMembrane later = *this;
    later.x = e[0] * x;
    for (std::size_t s = 0; s < Receptors; ++s) {
      later.x += SynapticPropagator::response(ms, rate_difference[s], e[0], e[s + 1]) * drive[s] * rate_m;
      later.drive[s] = e[s + 1] * drive[s];
    }
    return later;
  }

  /// dD/dt [mV/ms].
  double drift() const {
    double sum = 0;
    for (std::size_t s = 0; s < Receptors; ++s) sum -= drive[s] * rate[s];
    return sum;
  }

 private:
  static constexpr std::array<double, Receptors> filled(double value) {
    std::array<double, Receptors> all{};
    all.fill(value);
    return all;
  }
};

/// The first time in [0, h) at which x reaches x_th, in ms; infinity if there is none. `end` is the membrane
/// after h, a = e^(-h/tau_m).
///
/// Three cases, by the sign of D' over the interval; up to two receptors D' has at most one zero, so its sign
/// at both ends decides:
/// 1. D' <= 0: while x rises it is concave (tau_m x'' = D' - x'), and once it falls it goes on falling, so
///    that it crosses upwards at most once.
/// 2. D' >= 0: x has no peak, so it crosses once if it ends above, else not.
/// 3. Else the certified lower bounds of the engine's models (exponential_sum.hpp).
template <std::size_t Receptors>
class CrossingSearch {
 public:
  using Membrane = FreeMembrane<Receptors>;
  static constexpr double kNone = std::numeric_limits<double>::infinity();

  static double first(const Membrane& m, double x_th, double h, double a, const Membrane& end) {
    if (m.x >= x_th) return 0;
    if (!may_reach(m, x_th, a, end)) return kNone;
    const double drift = m.drift(), drift_end = end.drift();
    const bool decides = Receptors <= 2 || of_one_sign(m);
    if (decides && drift <= 0 && drift_end <= 0) {
      if (end.x >= x_th) return search(m, x_th, h, true);
      const bool peaks = m.slope() > 0 && end.slope() < 0;
      return peaks && may_peak_above(m, x_th, h, end) && !peaks_below(m, x_th) ? search(m, x_th, h, false)
                                                                               : kNone;
    }
    if (decides && drift >= 0 && drift_end >= 0) return end.x < x_th ? kNone : search(m, x_th, h, true);
    return certified(m, x_th, h);
  }

 private:
  /// A crossing nearer than this [ms] is where the search is: a quarter of a tick.
  static constexpr double kResolution = kTickMs / 4;
  /// So many steps of high order are tried: four do where a crossing is not nearly a tangency.
  static constexpr int kMostLeaps = 20;
  /// Of Taylor polynomials.
  static constexpr int kOrder = 6;

  /// x stays below two bounds: a relaxation towards the most that D can be, and what the positive drives
  /// bring without a leak.
  static bool may_reach(const Membrane& m, double x_th, double a, const Membrane& end) {
    double push = 0, charge = 0;
    for (std::size_t s = 0; s < Receptors; ++s) {
      push += std::max(m.drive[s], end.drive[s]);
      charge += std::max(0.0, (m.drive[s] - end.drive[s]) * m.rate_m / m.rate[s]);
    }
    return std::min(m.x + (1 - a) * std::max(0.0, push - m.x), (m.x > 0 ? m.x : a * m.x) + charge) >= x_th;
  }
  static bool of_one_sign(const Membrane& m) {
    const auto [low, high] = std::minmax_element(m.drive.begin(), m.drive.end());
    return *low >= 0 || *high <= 0;
  }

  /// x, rising all the time up to its peak, can not come higher than where its first tangent would meet D,
  /// which is convex and lies below its chord.
  static bool may_peak_above(const Membrane& m, double x_th, double h, const Membrane& end) {
    if (!std::all_of(m.drive.begin(), m.drive.end(), [](double d) { return d >= 0; })) return true;
    const double D = m.total(), meeting = (D - m.x) / (m.slope() - m.drift());
    return D - (D - end.total()) * (meeting / h) >= x_th;
  }

  /// Whether x surely peaks below x_th, under one drive D that falls. At the peak x = D, so it is below if x is
  /// still below D at a time t by which D has come down to x_th: there g = x - D has changed its sign once at
  /// most, from below. ln r <= (r - 1)/sqrt(r) gives such a t; g(t) is taken from its Taylor polynomial, with
  /// the bound of the remainder that TaylorStep has.
  static bool peaks_below(const Membrane& m, double x_th) {
    if constexpr (Receptors != 1) return false;
    const double rate = m.rate[0], ratio = m.drive[0] / x_th;
    if (!(x_th > 0 && ratio > 1)) return x_th > 0;
    const double t = (ratio - 1) / (std::sqrt(ratio) * rate);
    double D = m.drive[0], x = m.x, g = x - D, power = 1;
    for (int k = 1; k <= kOrder; ++k) {
      x = (D - x) * m.rate_m;
      D *= -rate;
      power *= t / k;
      g += (x - D) * power;
    }
    const double turn = t * std::max(rate, m.rate_m), cube = turn * turn * turn;
    return g + (std::abs(m.x) + 9 * m.drive[0]) * cube * cube * turn / 5040 < 0;
  }

  /// The first crossing where x, once it falls, does not rise again (case 1), or where it is known to end
  /// above x_th and to cross once (case 2): steps of seventh order, kept between a time up to which there is no
  /// crossing and one at which x is above. The step whose own error is below the resolution is the last.
  static double search(const Membrane& start, double x_th, double h, bool ends_above) {
    double low = 0, high = h, t = 0;
    Membrane m = start;
    for (int steps = 0; steps < kMostSteps; ++steps) {
      if (!ends_above && m.slope() <= 0) return kNone;
      const double newton = (x_th - m.x) / m.slope();
      const TaylorStep taylor = taylor_step(m, x_th);
      if (std::abs(newton) < kResolution) return std::clamp(t + newton, low, high);
      double next = t + (ends_above || taylor.ms >= newton ? taylor.ms : newton);
      if (next == t + taylor.ms && taylor.error < kResolution && next > low && next < high) return next;
      if (!(next > low && next < high) || steps > kMostLeaps) {
        next = ends_above ? low + (high - low) / 2 : t + newton;
        if (next >= high) return kNone;
      }
      if (high - low < kResolution) return next;
      Membrane there = start.after(next);
      if (!ends_above && there.x < x_th && there.slope() <= 0) {
        // The peak has been passed: Newton's step is a lower bound, since x is concave as long as it rises.
        next = t + newton;
        there = start.after(next);
      }
      t = next;
      m = there;
      ends_above = ends_above || m.x >= x_th;
      (m.x < x_th ? low : high) = t;
    }
    throw Failure("the steps towards a threshold crossing do not come to an end");
  }

  /// A step to where the Taylor polynomial of x of sixth order first meets x_th, by Newton's method from where
  /// that of second order does; not a number where it does not. `error` [ms] bounds how far x_th is met from
  /// there: by Newton's last step and the remainder, whose seventh derivative is at most
  /// r^7 (|x| + 8 sum |D_s|), r the fastest rate.
  struct TaylorStep {
    double ms;
    double error;
  };
  static TaylorStep taylor_step(const Membrane& m, double x_th) {
    double D = m.total(), x = m.x, fastest = m.rate_m, most = std::abs(m.x);
    std::array<double, kOrder> derivative{};  // of x
    std::array<double, Receptors> drive = m.drive;
    for (std::size_t s = 0; s < Receptors; ++s) {
      fastest = std::max(fastest, m.rate[s]);
      most += 8 * std::abs(m.drive[s]);
    }
    for (double& d : derivative) {
      x = d = (D - x) * m.rate_m;
      D = 0;
      for (std::size_t s = 0; s < Receptors; ++s) D += drive[s] *= -m.rate[s];
    }
    const auto [d1, d2, d3, d4, d5, d6] = derivative;
    const double gap = x_th - m.x, square = d1 * d1 + 2 * d2 * gap;
    double t = d1 > 0 && square > 0 ? 2 * gap / (d1 + std::sqrt(square)) : gap / d1;
    double step = 0, slope = 0;
    for (int k = 0; k < 3; ++k) {
      const double value =
          t * (d1 + t * (d2 / 2 + t * (d3 / 6 + t * (d4 / 24 + t * (d5 / 120 + t * (d6 / 720))))));
      slope = d1 + t * (d2 + t * (d3 / 2 + t * (d4 / 6 + t * (d5 / 24 + t * (d6 / 120)))));
      step = (gap - value) / slope;
      t += step;
    }
    const double turn = std::abs(t) * fastest, cube = turn * turn * turn;
    const double least = std::min(d1, slope);
    return {t, least > 0 ? std::abs(step) + most * cube * cube * turn / (5040 * least) : kNone};
  }

  static double certified(const Membrane& m, double x_th, double h) {
    ExponentialSum<Receptors> sum{1 / m.rate_m, m.x, x_th, {}};
    for (std::size_t s = 0; s < Receptors; ++s) sum.drives[s] = {m.drive[s], 1 / m.rate[s]};
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
