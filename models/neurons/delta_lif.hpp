// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string_view>

#include "chronotope/core/neuron_model.hpp"
#include "chronotope/models/closed_forms/crossing.hpp"
#include "chronotope/models/closed_forms/membrane.hpp"

namespace chronotope::models {

/// Leaky integrate-and-fire neuron with delta synapses (NEST: iaf_psc_delta).
///
///   tau_m dV/dt = -(V - V_inf);  an arrival adds its weight [mV] to V
///   V >= V_th: spike; V = V_reset for t_ref
///
/// With V = V_inf + A e^(-t/tau_m), t from the origin, A changes at arrivals alone: by w e^(t/tau_m). The
/// threshold is reached when A >= (V_th - V_inf) e^(t/tau_m); with V_inf > V_th this level comes down to A at
/// t = tau_m ln(-A/(V_inf - V_th)). Arrivals in [t_spike, t_spike + t_ref) are discarded, or kept: then V
/// leaves the refractory period at V_reset plus their sum.
///
/// V counts as having reached V_th from 4 units in the last place of V_th - V_inf below it on, so that
/// arrivals whose exact sum is the threshold make the neuron fire however their scaled sum was rounded.
struct DeltaLif {
  static constexpr std::string_view kName = "delta_lif";

  struct Parameters {
    Membrane membrane;
    bool keep_refractory_input;
    double rate;  // 1/tau_m
    Offset t_ref;
    Offset step;        // of the origin
    double step_decay;  // e^(-step/tau_m)
  };

  /// In the refractory period A is -infinity, or +infinity where arrivals are kept, and `level` is their sum.
  struct State {
    double A;      // [mV]
    double level;  // of A that must not be reached before the next watch
    double ready;  // end of the refractory period [ticks]; -infinity outside
  };

  using Pulse = double;
  using Decay = double;  // e^(t/tau_m)
  static constexpr std::size_t kExponentials = 1;

  static Parameters parameters(const ParameterSource& get) {
    const Membrane membrane = read_membrane(get);
    return {membrane, get.chosen("refractory_input", "KEEP"), 1 / membrane.tau_m, membrane.t_ref.offset(), {},
            0};
  }
  static State initial_state(const Parameters& p, const ParameterSource& get) {
    return {initial_distance(p.membrane, get), -kInfinity, -kInfinity};
  }

  using Injection = MembraneInjection;
  static Injection injection(const ParameterSource& get) { return read_injection(get); }
  static void inject(Parameters& p, const Injection& current, double I) {
    p.membrane.set_drive(current.drive(I));
  }

  static double fastest(const Parameters& p) { return p.membrane.tau_m; }
  static void set_origin_step(Parameters& p, Offset step) {
    p.step = step;
    p.step_decay = exp(-step.ms() * p.rate);
  }
  static void rebase(const Parameters& p, State& s) {
    const double A = s.A * p.step_decay;
    s.A =
        s.A < 0 ? std::min(A, -std::numeric_limits<double>::min()) : A;  // V < V_inf stays below it for ever
    if (!is_refractory(s)) s.level *= p.step_decay;
    s.ready -= p.step.ticks;
  }

  static void rebase(const Parameters& p, Pulse& drive) { drive *= p.step_decay; }

  static std::array<double, 1> exponents(const Parameters& p, Offset t, double) { return {t.ms() * p.rate}; }
  static Pulse pulse(const Parameters&, const std::array<double, 1>& e, Offset, double) { return e[0]; }

  static Pulse sum_of_pulses(const Parameters&, const std::array<double, 1>& e, const ArrivalSums<1>& sums,
                             double w) {
    return w * (e[0] * sums.exponentials[0]);
  }

  static bool absorb(State& s, Pulse kick) {
    const double A = s.A + kick;
    if (A >= s.level) return false;
    s.A = A;
    return true;
  }
  static void receive(const Parameters& p, State& s, Pulse kick, double w) {
    if (!is_refractory(s))
      s.A += kick;
    else if (p.keep_refractory_input)
      s.level += w;
  }
  static void block(State& s) { s.level = -kInfinity; }
  static bool reserve(State& s, Pulse kick) {
    s.level -= std::max(0.0, kick);
    return s.A < s.level;
  }

  static bool is_refractory(const State& s) { return s.ready > -kInfinity; }
  static bool is_deaf(const State& s) { return s.A == -kInfinity; }
  static Offset ready(const State& s) { return {s.ready}; }
  static void fire(const Parameters& p, State& s, Offset t) {
    s = {p.keep_refractory_input ? kInfinity : -kInfinity, 0, (t + p.t_ref).ticks};
  }
  static void end_refractory(const Parameters& p, State& s, Offset t) {
    const double jumps = p.keep_refractory_input ? s.level : 0;
    s = {(p.membrane.x_reset + jumps) * exp(t.ms() * p.rate), -kInfinity, -kInfinity};
  }

  static Decay decay(const Parameters& p, Offset t) { return exp(t.ms() * p.rate); }
  static Decay decay_at_origin(const Parameters&) { return 1; }

  /// Below a threshold above V_inf only arrivals lift V. Else most of the way to the crossing is watched.
  static double watch(const Parameters& p, State& s, Decay growth, Offset t) {
    const Membrane& m = p.membrane;
    const double threshold = threshold_of_A(m, growth);
    s.level = threshold;
    if (s.A >= threshold) return t.ms();
    if (m.x_th >= 0) return kNoCrossing;
    const double ratio = s.A / threshold - 1;  // ln(1 + ratio) >= 2 ratio/(2 + ratio) is left, in tau_m
    const double span = std::min(1.0, kWatchedShare * 2 * ratio / (2 + ratio));
    s.level = threshold * growth_bound(span);
    return t.ms() + span * m.tau_m;
  }

  /// The lowest level of A at which V is at threshold in a span: at its end, if the level comes down.
  using Horizon = double;
  static Horizon horizon(const Parameters& p, Decay growth, Offset span) {
    constexpr double kMargin = 1e-12;  // of rounding
    const double last = p.membrane.x_th < 0 ? growth * exp(span.ms() * p.rate) * (1 + kMargin) : growth;
    return threshold_of_A(p.membrane, last);
  }
  static bool watch_until(State& s, Horizon level) {
    s.level = level;
    return s.A < level;
  }
  /// The margin is for the rounding of exponentials.
  static bool stays_below(const State& s, Horizon level) {
    constexpr double kMargin = 1e-12;
    return s.A < level - kMargin * std::abs(level);
  }
  /// The margin is for the rounding of A, of the drive, and of what is taken.
  static bool watch_driven(State& s, Pulse drive, Pulse kick, Horizon level) {
    constexpr double kMargin = 0x1p-36;
    s.level =
        level - (drive + std::max(0.0, kick)) - kMargin * (std::abs(level) + std::abs(drive) + std::abs(s.A));
    return s.A < s.level;
  }
  template <class Failed>
  static void watch_all(std::span<State> states, Horizon level, Failed failed) {
    for (std::size_t k = 0; k < states.size(); ++k)
      if (!is_refractory(states[k]) && !watch_until(states[k], level)) failed(k);
  }

  static CrossingBound crossing_bound(const Parameters& p, const State& s, Offset t) {
    return anchored_crossing(t.ms(), [&](double ms) { return time_below_threshold(p, s, ms); });
  }

  /// A counts from V_inf; where only that has moved, nothing else is rounded.
  static void keep_potential(const Parameters& before, const Parameters& now, State& s, Offset was,
                             Offset is) {
    const Membrane& m = before.membrane;
    if (is_refractory(s))
      s.ready += (is - was).ticks;
    else if (before.rate == now.rate && was == is)
      s.A += (m.V_inf - now.membrane.V_inf) * exp(is.ms() * now.rate);
    else
      s.A = m.moved_to(now.membrane, s.A * exp(-was.ms() * before.rate)) * exp(is.ms() * now.rate);
  }

  static double excess(const Parameters& p, const State& s, Offset t) {
    return s.A * exp(-t.ms() * p.rate) - p.membrane.x_th;
  }
  static double potential(const Parameters& p, const State& s, Offset t) {
    if (!is_refractory(s)) return p.membrane.V_inf + s.A * exp(-t.ms() * p.rate);
    if (t < ready(s)) return p.membrane.V_reset;
    State free = s;
    end_refractory(p, free, ready(s));
    return potential(p, free, t);
  }

 private:
  static constexpr double kInfinity = std::numeric_limits<double>::infinity();
  static constexpr double kTolerance = 0x1p-50;
  static constexpr double kWatchedShare = 0.75;  // measured: docs/engine.md

  static double threshold_of_A(const Membrane& m, double growth) {
    return (m.x_th - kTolerance * std::abs(m.x_th)) * growth;
  }

  /// At least e^x, for x in [0, 1].
  static double growth_bound(double x) { return 1 + x * (1 + x * (0.5 + 0.2183 * x)); }

  static double time_below_threshold(const Parameters& p, const State& s, double ms) {
    const Membrane& m = p.membrane;
    const double growth = exp(ms * p.rate);
    const double threshold = threshold_of_A(m, growth);
    if (s.A >= threshold) return 0;
    if (m.x_th >= 0) return kNoCrossing;
    return relaxation_time((threshold - s.A) / growth, -m.x_th, m.tau_m);
  }
};

static_assert(JumpingNeuron<DeltaLif> && RetunedNeuron<DeltaLif> && InjectedNeuron<DeltaLif>);

}  // namespace chronotope::models
