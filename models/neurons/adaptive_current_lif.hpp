// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string_view>

#include "chronotope/core/neuron_model.hpp"
#include "chronotope/models/closed_forms/exponential_sum.hpp"

namespace chronotope::models {

/// Leaky integrate-and-fire neuron with exponential synaptic currents and spike-frequency adaptation: every
/// own spike adds q_w to an outward current w (Benda & Herz 2003; the spike-triggered part of Brette &
/// Gerstner 2005).
///
///   tau_m dV/dt = -(V - V_inf) + R (I_ex + I_in - w),   tau_s dI_s/dt = -I_s,   tau_w dw/dt = -w
///   an arrival of weight w_s [pA] adds it to I_ex (> 0) or to I_in (< 0)
///   V >= V_th: spike; w += q_w, V = V_reset for t_ref while the currents go on
struct AdaptiveCurrentLif {
  static constexpr std::string_view kName = "adaptive_current_lif";

  struct Parameters {
    Membrane membrane;
    double tau_syn_ex;  // [ms]
    double tau_syn_in;  // [ms]
    double tau_w;       // [ms]
    double q_w;         // [pA]
  };

  /// Everything at time `at`; in the refractory period `at` is its end and lies in the future.
  struct State {
    Time at;
    double x;     // V - V_inf [mV]
    double I_ex;  // [pA]
    double I_in;  // [pA]
    double w;     // [pA]
  };

  static Parameters parameters(const ParameterSource& get) {
    return {read_membrane(get), get("tau_syn_ex", 5, kTimeConstant), get("tau_syn_in", 10, kTimeConstant),
            get("tau_w", 100, kTimeConstant), get("q_w", 50, kFinite)};
  }
  static State initial_state(const Parameters& p, const ParameterSource& get) {
    return {Time(), p.membrane.above_rest(initial_potential(get)), 0, 0, 0};
  }

  using Injection = MembraneInjection;
  static Injection injection(const ParameterSource& get) { return read_injection(get); }
  static void inject(Parameters& p, const Injection& current, double I) {
    p.membrane.set_drive(current.drive(I));
  }

  static double threshold(const Parameters& p, const State&, Time) { return p.membrane.V_th; }

  static double potential(const Parameters& p, const State& s, Time t) {
    return t < s.at ? p.membrane.V_reset : p.membrane.V_inf + sum(p, s).x_after((t - s.at).ms());
  }

  static double synaptic_current(const Parameters& p, const State& s, Time t, std::uint32_t receptor) {
    return receptor == 0 ? decayed(s.I_ex, s.at, t, p.tau_syn_ex) : decayed(s.I_in, s.at, t, p.tau_syn_in);
  }

  static void receive(const Parameters& p, State& s, Time t, double w) {
    double& current = w > 0 ? s.I_ex : s.I_in;
    if (s.at < t) advance(p, s, t);
    current += decayed(w, t, s.at, w > 0 ? p.tau_syn_ex : p.tau_syn_in);
  }

  static CrossingTime crossing_bound(const Parameters& p, const State& s, Time now) {
    const Sum start = sum(p, s);
    return first_crossing(s.at, std::max(now, s.at),
                          [&](double ms) { return start.after(ms).time_below_threshold(); });
  }

  static void fire(const Parameters& p, State& s, Time t) {
    const Time end = t + p.membrane.t_ref;
    s = {end, p.membrane.x_reset, decayed(s.I_ex, s.at, end, p.tau_syn_ex),
         decayed(s.I_in, s.at, end, p.tau_syn_in),
         decayed(s.w, s.at, end, p.tau_w) + decayed(p.q_w, t, end, p.tau_w)};
  }

  static void keep_potential(const Parameters& before, const Parameters& now, State& s, Time t) {
    if (t < s.at) {
      s = {s.at, now.membrane.x_reset, redecayed(s.I_ex, t, s.at, before.tau_syn_ex, now.tau_syn_ex),
           redecayed(s.I_in, t, s.at, before.tau_syn_in, now.tau_syn_in),
           redecayed(s.w, t, s.at, before.tau_w, now.tau_w)};
    } else {
      advance(before, s, t);
      s.x = before.membrane.moved_to(now.membrane, s.x);
    }
  }

 private:
  using Sum = ExponentialSum<3>;

  static Sum sum(const Parameters& p, const State& s) {
    const Membrane& m = p.membrane;
    return {m.tau_m,
            s.x,
            m.x_th,
            {Drive{m.resistance * s.I_ex, p.tau_syn_ex}, Drive{m.resistance * s.I_in, p.tau_syn_in},
             Drive{-m.resistance * s.w, p.tau_w}}};
  }

  static void advance(const Parameters& p, State& s, Time t) {
    s = {t, sum(p, s).x_after((t - s.at).ms()), decayed(s.I_ex, s.at, t, p.tau_syn_ex),
         decayed(s.I_in, s.at, t, p.tau_syn_in), decayed(s.w, s.at, t, p.tau_w)};
  }
};

static_assert(NeuronModel<AdaptiveCurrentLif> && RetunedNeuron<AdaptiveCurrentLif> &&
              InjectedNeuron<AdaptiveCurrentLif> && HasCurrents<AdaptiveCurrentLif, Time>);

}  // namespace chronotope::models
