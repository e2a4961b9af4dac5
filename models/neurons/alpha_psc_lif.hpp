// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <numbers>
#include <string_view>

#include "chronotope/core/neuron_model.hpp"
#include "chronotope/models/closed_forms/exponential_sum.hpp"

namespace chronotope::models {

/// Leaky integrate-and-fire neuron with alpha-function synaptic currents (NEST: iaf_psc_alpha), for any time
/// constants.
///
///   tau_m dV/dt = -(V - V_inf) + R (I_ex + I_in)
///   an arrival of weight w [pA] adds w (s/tau_s) e^(1 - s/tau_s), which peaks at w after s = tau_s, to I_ex
///   (w > 0) or to I_in (w < 0) V >= V_th: spike; V = V_reset for t_ref while the currents go on
///
/// Between arrivals a current is (I + g s) e^(-s/tau_s); an arrival adds e w/tau_s to g.
struct AlphaPscLif {
  static constexpr std::string_view kName = "alpha_psc_lif";

  struct Parameters {
    Membrane membrane;
    double tau_syn_ex;  // [ms]
    double tau_syn_in;  // [ms]
  };

  struct Current {
    double I = 0;  // [pA]
    double g = 0;  // [pA/ms], of the sign of I

    Current after(double ms, double tau) const {
      if (ms == 0 || (I == 0 && g == 0)) return *this;
      const double factor = exp(-ms / tau);
      return {(I + g * ms) * factor, g * factor};
    }
  };

  /// Everything at time `at`; in the refractory period `at` is its end and lies in the future.
  struct State {
    Time at;
    double x;  // V - V_inf [mV]
    Current ex;
    Current in;
  };

  static Parameters parameters(const ParameterSource& get) {
    return {read_membrane(get), get("tau_syn_ex", 2, kTimeConstant), get("tau_syn_in", 2, kTimeConstant)};
  }
  static State initial_state(const Parameters& p, const ParameterSource& get) {
    return {Time(), p.membrane.above_rest(initial_potential(get)), {}, {}};
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
    const double ms = (t - s.at).ms();
    return receptor == 0 ? s.ex.after(ms, p.tau_syn_ex).I : s.in.after(ms, p.tau_syn_in).I;
  }

  static void receive(const Parameters& p, State& s, Time t, double w) {
    if (s.at < t) advance(p, s, t, sum(p, s).x_after((t - s.at).ms()));
    const double tau = w > 0 ? p.tau_syn_ex : p.tau_syn_in;
    const Current begun = Current{0, w * std::numbers::e / tau}.after((s.at - t).ms(), tau);
    Current& current = w > 0 ? s.ex : s.in;
    current = {current.I + begun.I, current.g + begun.g};
  }

  static CrossingTime crossing_bound(const Parameters& p, const State& s, Time now) {
    const Sum start = sum(p, s);
    return first_crossing(s.at, std::max(now, s.at),
                          [&](double ms) { return start.after(ms).time_below_threshold(); });
  }

  static void fire(const Parameters& p, State& s, Time t) {
    advance(p, s, t + p.membrane.t_ref, p.membrane.x_reset);
  }

  /// Requires: the same synaptic time constants, which g is of.
  static void keep_potential(const Parameters& before, const Parameters& now, State& s, Time t) {
    if (t < s.at)
      s.x = now.membrane.x_reset;
    else
      advance(before, s, t, before.membrane.moved_to(now.membrane, sum(before, s).x_after((t - s.at).ms())));
  }

 private:
  using Sum = ExponentialSum<2>;

  static Sum sum(const Parameters& p, const State& s) {
    const Membrane& m = p.membrane;
    return {m.tau_m,
            s.x,
            m.x_th,
            {Drive{m.resistance * s.ex.I, p.tau_syn_ex, m.resistance * s.ex.g},
             Drive{m.resistance * s.in.I, p.tau_syn_in, m.resistance * s.in.g}}};
  }

  /// The currents go to time t; V becomes V_inf + x.
  static void advance(const Parameters& p, State& s, Time t, double x) {
    const double ms = (t - s.at).ms();
    s = {t, x, s.ex.after(ms, p.tau_syn_ex), s.in.after(ms, p.tau_syn_in)};
  }
};

static_assert(NeuronModel<AlphaPscLif> && RetunedNeuron<AlphaPscLif> && InjectedNeuron<AlphaPscLif> &&
              HasCurrents<AlphaPscLif, Time>);

}  // namespace chronotope::models
