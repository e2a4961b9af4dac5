// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <string_view>

#include "chronotope/core/neuron_model.hpp"
#include "chronotope/models/neurons/crossing.hpp"
#include "chronotope/models/neurons/membrane.hpp"

namespace chronotope::models {

/// Potential per unit of initial current after t: the response of a membrane to a current e^(-t/tau_s),
///   k(t) = tau_s/(tau_s - tau_m) (e^(-t/tau_s) - e^(-t/tau_m)),   k(t) = (t/tau_m) e^(-t/tau_m) for equal
///   constants.
/// Written with the slower decay in front and expm1 of the difference of the rates, it loses no digits
/// however close the two constants are; only exactly equal ones need the limit.
inline double psp_kernel(double t, double tau_m, double tau_s) {
  if (tau_m == tau_s) return t / tau_m * exp(-t / tau_m);
  const double slow = std::max(tau_m, tau_s);
  const double fast = std::min(tau_m, tau_s);
  const double rate = (slow - fast) / (slow * fast);
  return exp(-t / slow) * -expm1(-rate * t) / (rate * tau_m);
}

/// Leaky integrate-and-fire neuron with exponential synaptic currents (NEST: iaf_psc_exp), for any time
/// constants.
///
///   tau_m dV/dt = -(V - V_inf) + R (I_ex + I_in),   tau_s dI_s/dt = -I_s
///   an arrival of weight w [pA] adds w to I_ex (w > 0) or to I_in (w < 0)
///   V >= V_th: spike; V = V_reset for t_ref while the currents go on
///
/// Between arrivals V(t) = V_inf + (V - V_inf) e^(-t/tau_m) + R I_ex k_ex(t) + R I_in k_in(t).
///
/// Invariants: I_ex >= 0 and I_in <= 0, which the crossing bounds rely on.
struct ExpPscLif {
  static constexpr std::string_view kName = "exp_psc_lif";

  struct Parameters {
    Membrane membrane;
    double tau_syn_ex;  // [ms]
    double tau_syn_in;  // [ms]
  };

  /// Everything at time `at`; in the refractory period `at` is its end and lies in the future.
  struct State {
    Time at;
    double V;     // [mV]
    double I_ex;  // [pA]
    double I_in;  // [pA]
  };

  static Parameters parameters(const ParameterSource& get) {
    return {read_membrane(get), get("tau_syn_ex", 5, kPositive), get("tau_syn_in", 10, kPositive)};
  }
  static State initial_state(const Parameters&, const ParameterSource& get) {
    return {Time(), initial_potential(get), 0, 0};
  }

  static double threshold(const Parameters& p, const State&, Time) { return p.membrane.V_th; }

  static double potential(const Parameters& p, const State& s, Time t) {
    return t < s.at ? p.membrane.V_reset : potential_after(p, s, (t - s.at).ms);
  }

  static void receive(const Parameters& p, State& s, Time t, double w) {
    double& current = w > 0 ? s.I_ex : s.I_in;
    if (t < s.at) {  // refractory: what will be left of it at the end
      current += w * exp(-(s.at - t).ms / (w > 0 ? p.tau_syn_ex : p.tau_syn_in));
      return;
    }
    if (s.at < t) advance(p, s, t);
    current += w;
  }

  static Time crossing_bound(const Parameters& p, const State& s, Time now) {
    return first_crossing(std::max(now, s.at),
                          [&](Time t) { return time_below_threshold(p, s, (t - s.at).ms); });
  }

  static void fire(const Parameters& p, State& s, Time t) {
    const Time end = t + Duration{p.membrane.t_ref};
    const double ms = (end - s.at).ms;
    s = {end, p.membrane.V_reset, decayed(s.I_ex, ms, p.tau_syn_ex), decayed(s.I_in, ms, p.tau_syn_in)};
  }

 private:
  static double decayed(double current, double ms, double tau) {
    return current == 0 ? 0 : current * exp(-ms / tau);
  }

  static double response(const Membrane& m, double current, double ms, double tau) {
    return current == 0 ? 0 : m.resistance * current * psp_kernel(ms, m.tau_m, tau);
  }

  static double potential_after(const Parameters& p, const State& s, double ms) {
    const Membrane& m = p.membrane;
    return s.V + (m.V_inf - s.V) * (1 - exp(-ms / m.tau_m)) +
           (response(m, s.I_ex, ms, p.tau_syn_ex) + response(m, s.I_in, ms, p.tau_syn_in));
  }

  static void advance(const Parameters& p, State& s, Time t) {
    const double ms = (t - s.at).ms;
    s = {t, potential_after(p, s, ms), decayed(s.I_ex, ms, p.tau_syn_ex), decayed(s.I_in, ms, p.tau_syn_in)};
  }

  /// How long V certainly stays below V_th from `ms` after s.at on: the larger of two lower bounds of the
  /// first crossing. With D_ex = R I_ex >= 0 and D_in = R I_in <= 0 at that time:
  /// 1. Inhibition dropped and excitation held, V relaxes towards V_inf + D_ex; if that is not above V_th,
  /// there is no crossing.
  /// 2. Below threshold V'' <= ((V_th - V_inf - D_in)/tau_m - D_in/tau_in)/tau_m, so V lies under a parabola.
  /// Near the crossing this
  ///    is a Newton step from the left.
  static double time_below_threshold(const Parameters& p, const State& s, double ms) {
    const Membrane& m = p.membrane;
    const double V = potential_after(p, s, ms);
    const double gap = m.V_th - V;
    if (gap <= 0) return 0;
    const double D_ex = m.resistance * decayed(s.I_ex, ms, p.tau_syn_ex);
    const double distance = m.V_inf - m.V_th + D_ex;
    if (distance <= 0) return kNoCrossing;
    const double D_in = m.resistance * decayed(s.I_in, ms, p.tau_syn_in);
    const double slope = (m.V_inf - V + D_ex + D_in) / m.tau_m;
    const double curvature = ((m.V_th - m.V_inf - D_in) / m.tau_m - D_in / p.tau_syn_in) / m.tau_m;
    return std::max(relaxation_time(gap, distance, m.tau_m),
                    parabola_bound(gap, slope, std::max(0.0, curvature)));
  }
};

static_assert(NeuronModel<ExpPscLif>);

}  // namespace chronotope::models
