// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string_view>

#include "chronotope/core/neuron_model.hpp"
#include "chronotope/core/random_stream.hpp"
#include "chronotope/models/closed_forms/exponential_sum.hpp"

namespace chronotope::models {

/// Leaky integrate-and-fire neuron with exponential synaptic currents and escape noise (Gerstner et al. 2014,
/// section 9.1): it fires with the hazard
///   rho(t) = exp((V(t) - V_th)/delta_u)/tau_0
/// outside its refractory period; then V = V_reset for t_ref while the currents go on.
///
/// Spike times are drawn by thinning (Lewis & Shedler 1979; Ogata 1981), without a time step: within a window
/// in which V certainly stays below a level, candidates come at the constant rate rho(level), and one at t is
/// a spike with probability rho(t)/rho(level). What takes less than a tick has no order: a neuron that would
/// survive the next tick with a probability below e^-40 fires now, and while V climbs by more than a window
/// within a tick it is looked at a tick later.
///
/// Invariants:
/// 1. The next spike is a function of the state alone: its candidates are drawn from the stream of (neuron,
/// segment),
///    so that asking early or often changes nothing.
/// 2. Every arrival and spike begins a new segment with draws of its own. The process has no memory but V, so
/// what
///    did not come true of the old draws may be forgotten.
struct EscapeNoiseLif {
  static constexpr std::string_view kName = "escape_noise_lif";

  struct Parameters {
    Membrane membrane;
    double tau_syn_ex;  // [ms]
    double tau_syn_in;  // [ms]
    double delta_u;     // [mV]
    double tau_0;       // [ms]
  };

  /// Everything at time `at`; in the refractory period `at` is its end and lies in the future.
  struct State {
    Time at;
    double x;     // V - V_inf [mV]
    double I_ex;  // [pA]
    double I_in;  // [pA]
    StreamKey draws;
    std::uint64_t segment;
  };

  static Parameters parameters(const ParameterSource& get) {
    return {read_membrane(get), get("tau_syn_ex", 5, kTimeConstant), get("tau_syn_in", 10, kTimeConstant),
            get("delta_u", 2, kMembrane), get("tau_0", 10, kTimeConstant)};
  }
  static State initial_state(const Parameters& p, const ParameterSource& get) {
    return {Time(), p.membrane.above_rest(initial_potential(get)), 0, 0, get.stream_key("escape"), 0};
  }

  using Injection = MembraneInjection;
  static Injection injection(const ParameterSource& get) { return read_injection(get); }
  static void inject(Parameters& p, const Injection& current, double I) {
    p.membrane.set_drive(current.drive(I));
  }

  /// The threshold of a stochastic neuron is where V happens to be when it fires; else V_th, where the hazard
  /// is 1/tau_0.
  static double threshold(const Parameters& p, const State& s, Time t) {
    return crossing_bound(p, s, t).at == t ? potential(p, s, t) : p.membrane.V_th;
  }

  static double potential(const Parameters& p, const State& s, Time t) {
    return t < s.at ? p.membrane.V_reset : p.membrane.V_inf + sum(p, s).x_after((t - s.at).ms());
  }

  static double synaptic_current(const Parameters& p, const State& s, Time t, std::uint32_t receptor) {
    return receptor == 0 ? decayed(s.I_ex, s.at, t, p.tau_syn_ex) : decayed(s.I_in, s.at, t, p.tau_syn_in);
  }

  static void receive(const Parameters& p, State& s, Time t, double w) {
    if (s.at < t) advance(p, s, t, sum(p, s).x_after((t - s.at).ms()));
    (w > 0 ? s.I_ex : s.I_in) += decayed(w, t, s.at, w > 0 ? p.tau_syn_ex : p.tau_syn_in);
    ++s.segment;
  }

  static CrossingTime crossing_bound(const Parameters& p, const State& s, Time now) {
    const Sum start = sum(p, s);
    RandomStream draws = s.draws.part(s.segment);
    const Time from = std::max(now, s.at);
    double ms = 0;
    for (int windows = 0; windows < kMostWindows; ++windows) {
      if (!(ms < kFar)) return {Time::never()};
      const Sum present = start.after(ms);
      if (!std::isfinite(present.x)) break;
      const Window window = window_from(p, present);
      const double bound = hazard(p, window.level);
      if (present.x > present.x_th && hazard(p, present.x) * kTickMs > kCertain)
        return crossing_time(s.at, from, {ms, true});
      if (window.length < kTickMs) {
        ms = successor(ms);
        continue;
      }
      const double wait = -log(draws.uniform()) / bound;
      ms += std::min(wait, window.length);
      if (wait < window.length && draws.uniform() * bound < hazard(p, start.x_after(ms)))
        return crossing_time(s.at, from, {ms, true});
    }
    return crossing_time(s.at, from, kLost);
  }

  static void fire(const Parameters& p, State& s, Time t) {
    advance(p, s, t + p.membrane.t_ref, p.membrane.x_reset);
    ++s.segment;
  }

  /// With draws of its own, as after an arrival.
  static void keep_potential(const Parameters& before, const Parameters& now, State& s, Time t) {
    if (t < s.at) {
      s.x = now.membrane.x_reset;
      s.I_ex = redecayed(s.I_ex, t, s.at, before.tau_syn_ex, now.tau_syn_ex);
      s.I_in = redecayed(s.I_in, t, s.at, before.tau_syn_in, now.tau_syn_in);
    } else {
      const double x = sum(before, s).x_after((t - s.at).ms());
      advance(before, s, t, before.membrane.moved_to(now.membrane, x));
    }
    ++s.segment;
  }

 private:
  using Sum = ExponentialSum<2>;

  /// Some 35,000 years [ms]: a spike later than that is none.
  static constexpr double kFar = 0x1p50;
  /// The hazard of a tick, as an exponent, that no neuron survives.
  static constexpr double kCertain = 40;
  static constexpr int kMostWindows = 1'000'000;

  /// For `length` [ms] V - V_inf stays below `level` [mV].
  struct Window {
    double level;
    double length;
  };

  static Sum sum(const Parameters& p, const State& s) {
    const Membrane& m = p.membrane;
    return {m.tau_m,
            s.x,
            m.x_th,
            {Drive{m.resistance * s.I_ex, p.tau_syn_ex}, Drive{m.resistance * s.I_in, p.tau_syn_in}}};
  }

  /// x rises at most as dx/dt = (push - x)/tau_m, with the excitatory drive `push`, which only decays.
  /// Windows are as long as the bound is good: V rises by delta_u, or half way to V_th where the hazard
  /// hardly counts.
  static Window window_from(const Parameters& p, const Sum& now) {
    const double push = now.drives[0].amplitude;
    if (push <= now.x + p.delta_u) return {std::max(push, now.x), kFar};
    const double rise = std::max(p.delta_u, (now.x_th - now.x) / 2);
    return {now.x + rise, rise * now.tau_m / (push - now.x)};
  }

  static double hazard(const Parameters& p, double x) {
    constexpr double kLargest = 700;  // of an exponent
    return exp(std::min((x - p.membrane.x_th) / p.delta_u, kLargest)) / p.tau_0;
  }

  /// The currents go to time t; V becomes V_inf + x.
  static void advance(const Parameters& p, State& s, Time t, double x) {
    s.I_ex = decayed(s.I_ex, s.at, t, p.tau_syn_ex);
    s.I_in = decayed(s.I_in, s.at, t, p.tau_syn_in);
    s.x = x;
    s.at = t;
  }
};

static_assert(NeuronModel<EscapeNoiseLif> && RetunedNeuron<EscapeNoiseLif> &&
              InjectedNeuron<EscapeNoiseLif> && HasCurrents<EscapeNoiseLif, Time>);

}  // namespace chronotope::models
