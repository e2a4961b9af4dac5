// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string_view>

#include "chronotope/core/neuron_model.hpp"
#include "chronotope/models/closed_forms/exponential_sum.hpp"

namespace chronotope::models {

/// Leaky integrate-and-fire neuron with exponential synaptic currents whose threshold jumps at its own
/// spikes: the multi-timescale adaptive threshold (Kobayashi, Tsubo & Shinomoto 2009, eqs. 1-3; NEST:
/// mat2_psc_exp).
///
///   tau_m dV/dt = -(V - V_inf) + R (I_ex + I_in),   tau_s dI_s/dt = -I_s
///   threshold = V_th + h_1 + h_2,   tau_j dh_j/dt = -h_j
///   an arrival of weight w [pA] adds w to I_ex (w > 0) or to I_in (w < 0)
///   V >= threshold: spike; h_j += alpha_j, then for t_ref no spike and
///     after_spike RESET:     V = V_reset (Diehl & Cook 2015: alpha_1 0.05 mV, tau_1 1e7 ms)
///     after_spike CONTINUE:  V goes on as if nothing had happened (Kobayashi et al.); a V that is still
///     above the
///                            threshold at the end of t_ref fires there
/// Where V can be above the threshold right after a spike (CONTINUE, or an alpha_j < 0), t_ref must be > 0.
struct AdaptiveThresholdLif {
  static constexpr std::string_view kName = "adaptive_threshold_lif";

  struct Parameters {
    Membrane membrane;
    double tau_syn_ex;  // [ms]
    double tau_syn_in;  // [ms]
    double alpha_1;     // [mV]
    double alpha_2;     // [mV]
    double tau_1;       // [ms]
    double tau_2;       // [ms]
    bool resets;
  };

  /// Everything at time `at`; while V is clamped `at` is the end of the clamp and lies in the future.
  struct State {
    Time at;
    Time may_fire;  // the end of the refractory period
    double x;       // V - V_inf [mV]
    double I_ex;    // [pA]
    double I_in;    // [pA]
    double h_1;     // [mV]
    double h_2;     // [mV]
  };

  static Parameters parameters(const ParameterSource& get) {
    const Parameters p{read_membrane(get),
                       get("tau_syn_ex", 5, kTimeConstant),
                       get("tau_syn_in", 10, kTimeConstant),
                       get("alpha_1", 10, kFinite),
                       get("alpha_2", 0, kFinite),
                       get("tau_1", 10, kTimeConstant),
                       get("tau_2", 200, kTimeConstant),
                       !get.chosen("after_spike", "CONTINUE")};
    get.require(p.membrane.t_ref > Duration() || (p.resets && p.alpha_1 >= 0 && p.alpha_2 >= 0), "t_ref",
                p.membrane.t_ref.ms(), "must be > 0 without reset or with a negative alpha_1 or alpha_2");
    return p;
  }
  static State initial_state(const Parameters& p, const ParameterSource& get) {
    return {Time(), Time(), p.membrane.above_rest(initial_potential(get)), 0, 0, 0, 0};
  }

  using Injection = MembraneInjection;
  static Injection injection(const ParameterSource& get) { return read_injection(get); }
  static void inject(Parameters& p, const Injection& current, double I) {
    p.membrane.set_drive(current.drive(I));
  }

  /// While V is clamped: the threshold at the end of the clamp.
  static double threshold(const Parameters& p, const State& s, Time t) {
    const Time then = std::max(t, s.at);
    return p.membrane.V_th + (decayed(s.h_1, s.at, then, p.tau_1) + decayed(s.h_2, s.at, then, p.tau_2));
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
  }

  static CrossingTime crossing_bound(const Parameters& p, const State& s, Time now) {
    const Time from = std::max(s.at, s.may_fire);
    const Sum start = sum(p, s).after((from - s.at).ms());
    return first_crossing(from, std::max(now, from),
                          [&](double ms) { return start.after(ms).time_below_threshold(); });
  }

  static void fire(const Parameters& p, State& s, Time t) {
    s.may_fire = t + p.membrane.t_ref;
    const Time then = p.resets ? s.may_fire : t;
    advance(p, s, then, p.resets ? p.membrane.x_reset : sum(p, s).x_after((t - s.at).ms()));
    s.h_1 += decayed(p.alpha_1, t, then, p.tau_1);
    s.h_2 += decayed(p.alpha_2, t, then, p.tau_2);
  }

  static void keep_potential(const Parameters& before, const Parameters& now, State& s, Time t) {
    if (t < s.at) {
      s = {s.at,
           s.may_fire,
           now.membrane.x_reset,
           redecayed(s.I_ex, t, s.at, before.tau_syn_ex, now.tau_syn_ex),
           redecayed(s.I_in, t, s.at, before.tau_syn_in, now.tau_syn_in),
           redecayed(s.h_1, t, s.at, before.tau_1, now.tau_1),
           redecayed(s.h_2, t, s.at, before.tau_2, now.tau_2)};
    } else {
      const double x = sum(before, s).x_after((t - s.at).ms());
      advance(before, s, t, before.membrane.moved_to(now.membrane, x));
    }
  }

 private:
  using Sum = ExponentialSum<2, 2>;

  static Sum sum(const Parameters& p, const State& s) {
    const Membrane& m = p.membrane;
    return {m.tau_m,
            s.x,
            m.x_th,
            {Drive{m.resistance * s.I_ex, p.tau_syn_ex}, Drive{m.resistance * s.I_in, p.tau_syn_in}},
            {Decay{s.h_1, p.tau_1}, Decay{s.h_2, p.tau_2}}};
  }

  /// What decays goes to time t; V becomes V_inf + x.
  static void advance(const Parameters& p, State& s, Time t, double x) {
    s = {t,
         s.may_fire,
         x,
         decayed(s.I_ex, s.at, t, p.tau_syn_ex),
         decayed(s.I_in, s.at, t, p.tau_syn_in),
         decayed(s.h_1, s.at, t, p.tau_1),
         decayed(s.h_2, s.at, t, p.tau_2)};
  }
};

static_assert(NeuronModel<AdaptiveThresholdLif> && RetunedNeuron<AdaptiveThresholdLif> &&
              InjectedNeuron<AdaptiveThresholdLif> && HasCurrents<AdaptiveThresholdLif, Time>);

}  // namespace chronotope::models
