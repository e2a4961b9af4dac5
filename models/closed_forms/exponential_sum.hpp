// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "chronotope/core/error.hpp"
#include "chronotope/models/closed_forms/crossing.hpp"
#include "chronotope/models/closed_forms/membrane.hpp"
#include "chronotope/models/closed_forms/psp_kernel.hpp"

namespace chronotope::models {

/// A synaptic current times R, (amplitude + ramp t) e^(-t/tau) [mV].
///
/// Invariant: amplitude and ramp do not differ in sign.
struct Drive {
  double amplitude = 0;  // [mV]
  double tau = 1;        // [ms]
  double ramp = 0;       // [mV/ms], 0 for a current that only decays

  Drive after(double ms) const {
    if (amplitude == 0 && ramp == 0) return *this;
    const double factor = exp(-ms / tau);
    return {(amplitude + ramp * ms) * factor, tau, ramp * factor};
  }

  double response(double ms, double tau_m) const {
    const double decaying = amplitude == 0 ? 0 : amplitude * psp_kernel(ms, tau_m, tau);
    return ramp == 0 ? decaying : decaying + ramp * ramp_kernel(ms, tau_m, tau);
  }

  /// The largest magnitude from now on: (amplitude + ramp t) e^(-t/tau) peaks at t = tau - amplitude/ramp, if
  /// that is to come.
  double peak() const {
    const double height = std::abs(ramp) * tau;
    const double present = std::abs(amplitude);
    return height <= present ? present : height * exp(present / height - 1);
  }
};

/// A part of a threshold, height e^(-t/tau) [mV].
struct Decay {
  double height = 0;
  double tau = 1;

  Decay after(double ms) const { return height == 0 ? *this : Decay{height * exp(-ms / tau), tau}; }
};

/// What is left at time `to` of a quantity that decays from its value at `from`.
inline double decayed(double value, Time from, Time to, double tau) {
  return value == 0 || from == to ? value : value * exp(-(to - from).ms() / tau);
}

/// Of a quantity that has decayed with the time constant `before` from t to `at`: what is there then when it decays
/// with `now` instead. Throws InputError when too little of it is left for that.
inline double redecayed(double value, Time t, Time at, double before, double now) {
  constexpr double kFar = 700;  // of an exponent that does not overflow
  if (before == now) return value;
  const double ms = (at - t).ms();
  if (ms > kFar * before)
    throw InputError("is refractory for 700 of the time constants " + to_string(before) +
                     " ms that change: what was left at the begin of that can not be told from its end");
  return value * exp(ms / before - ms / now);
}

/// A membrane and its threshold from one event to the next, both counted from V_inf:
///   x(t)  = x e^(-t/tau_m) + sum over the drives of their responses = V - V_inf
///   th(t) = x_th + sum over the parts of height e^(-t/tau)
/// and a certified lower bound of the first t at which x reaches th, for any signs and any time constants.
template <std::size_t Drives, std::size_t Parts = 0>
struct ExponentialSum {
  double tau_m;
  double x;
  double x_th;
  std::array<Drive, Drives> drives;
  std::array<Decay, Parts> parts{};

  double x_after(double ms) const {
    double sum = 0;
    for (const Drive& drive : drives) sum += drive.response(ms, tau_m);
    return relaxed(x, exp(-ms / tau_m)) + sum;
  }

  ExponentialSum after(double ms) const {
    if (ms == 0) return *this;  // where every walk begins
    ExponentialSum later = *this;
    later.x = x_after(ms);
    for (Drive& drive : later.drives) drive = drive.after(ms);
    for (Decay& part : later.parts) part = part.after(ms);
    return later;
  }

  /// How long x certainly stays below the threshold: 0 if it does not now, else the largest of three lower
  /// bounds of the first crossing.
  double time_below_threshold() const {
    const Limits far = limits();
    const double gap = x_th + (far.raised - far.lowered) - x;
    if (gap <= 0) return 0;
    const double lowest = x_th - far.lowered;
    if (x < lowest && far.push <= lowest) return kNoCrossing;
    return std::max({parabola_bound(gap, slope(), std::max(0.0, curvature(far))),
                     relaxation_bound(far, lowest), threshold_bound(far, lowest)});
  }

 private:
  /// What can still come.
  struct Limits {
    double push = 0;     // the most positive drive: x relaxes towards it at most
    double pull = 0;     // the most negative one's magnitude
    double raised = 0;   // parts above 0, which only sink
    double lowered = 0;  // magnitude of the parts below 0, which only rise
  };

  Limits limits() const {
    Limits far;
    for (const Drive& drive : drives)
      (drive.amplitude < 0 || drive.ramp < 0 ? far.pull : far.push) += drive.peak();
    for (const Decay& part : parts) (part.height < 0 ? far.lowered : far.raised) += std::abs(part.height);
    return far;
  }

  /// d(x - th)/dt [mV/ms].
  double slope() const {
    double rate = -x / tau_m;
    for (const Drive& drive : drives) rate += drive.amplitude / tau_m;
    for (const Decay& part : parts) rate += part.height / part.tau;
    return rate;
  }

  /// An upper bound of (x - th)'' until the crossing [mV/ms^2]: with D the sum of the drives,
  ///   x'' = (x - D)/tau_m^2 + D'/tau_m,   x <= x_th + raised,   and of one drive
  ///   D >= 0:  -D <= 0,     D' <= ramp
  ///   D <= 0:  -D <= peak,  D' <= peak/tau
  double curvature(const Limits& far) const {
    double bend = (x_th + far.raised + far.pull) / tau_m;
    for (const Drive& drive : drives)
      bend += drive.amplitude < 0 || drive.ramp < 0 ? drive.peak() / drive.tau : drive.ramp;
    bend /= tau_m;
    for (const Decay& part : parts)
      if (part.height < 0) bend -= part.height / (part.tau * part.tau);
    return bend;
  }

  /// x relaxing towards the strongest drive, against the lowest threshold.
  double relaxation_bound(const Limits& far, double lowest) const {
    return x < lowest ? relaxation_time(lowest - x, far.push - lowest, tau_m) : 0;
  }

  /// x at the highest it can come to, against a threshold that sinks as fast as its fastest part.
  double threshold_bound(const Limits& far, double lowest) const {
    const double rest = std::max(x, far.push) - lowest;
    if (rest <= 0 || far.raised <= rest) return 0;
    double fastest = kNoCrossing;
    for (const Decay& part : parts)
      if (part.height > 0) fastest = std::min(fastest, part.tau);
    return fastest * log(far.raised / rest);
  }
};

}  // namespace chronotope::models
