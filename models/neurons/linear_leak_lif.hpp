// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <string_view>

#include "chronotope/core/neuron_model.hpp"
#include "chronotope/core/parameter_source.hpp"
#include "chronotope/models/closed_forms/crossing.hpp"

namespace chronotope::models {

/// Integrate-and-fire neuron with delta synapses and a constant leak: a ReLU in spikes, because its rate
/// under constant current is max(0, I_e/C_m - leak)/(V_th - V_reset) for t_ref = 0.
///
///   dV/dt = I_e/C_m - leak, V >= E_L;  an arrival adds its weight [mV] to V
///   V >= V_th: spike; V = V_reset for t_ref, in which arrivals are discarded
///
/// The crossing is t + (V_th - V)/(I_e/C_m - leak). E_L is a floor: where the leak is stronger than the
/// current V comes to rest on it, and inhibition does not take it lower. Arrivals of one instant are summed
/// before the floor holds, so their order does not matter.
struct LinearLeakLif {
  static constexpr std::string_view kName = "linear_leak_lif";

  struct Parameters {
    double slope;    // I_e/C_m - leak [mV/ms]
    double E_L;      // [mV]
    double y_th;     // V_th - E_L [mV], > 0
    double y_reset;  // V_reset - E_L [mV], >= 0
    Duration t_ref;
  };

  /// V at time `at`; in the refractory period `at` is its end and lies in the future.
  struct State {
    Time at;
    double y;  // V - E_L [mV]; below 0 only within the instant `at`
  };

  static Parameters parameters(const ParameterSource& get) {
    const double C_m = get("C_m", 250, kMembrane);
    const double leak = get("leak", 0.1, kNonNegative);
    const double slope = std::fma(-leak, C_m, get("I_e", 0, kFinite)) / C_m;  // no digits lost near balance
    const double E_L = get("E_L", -70, kFinite);
    const double V_th = get("V_th", -55, kFinite);
    const double V_reset = get("V_reset", -70, kFinite);
    get.require(V_reset < V_th, "V_reset", V_reset, "must be below V_th = " + to_string(V_th) + " mV");
    get.require(V_reset >= E_L, "V_reset", V_reset,
                "must not be below the floor E_L = " + to_string(E_L) + " mV");
    return {slope, E_L, V_th - E_L, V_reset - E_L, get.duration("t_ref", 2)};
  }
  static State initial_state(const Parameters& p, const ParameterSource& get) {
    return {Time(), get("V_m", p.E_L, kFinite) - p.E_L};
  }

  static double threshold(const Parameters& p, const State&, Time) { return p.E_L + p.y_th; }

  static double potential(const Parameters& p, const State& s, Time t) {
    return p.E_L + (t < s.at ? p.y_reset : std::max(0.0, height(p, s, t)));
  }

  static void receive(const Parameters& p, State& s, Time t, double w) {
    if (t < s.at) return;
    s = {t, height(p, s, t) + w};
  }

  /// In closed form, rounded once: a crossing at a decimal time is there.
  static CrossingTime crossing_bound(const Parameters& p, const State& s, Time now) {
    const double gap = p.y_th - s.y;
    if (gap <= 0) return {std::max(now, s.at), 0, true};
    if (p.slope <= 0) return {Time::never()};
    return crossing_time(s.at, std::max(now, s.at), {std::min(gap, p.y_th) / p.slope, true});
  }

  static void fire(const Parameters& p, State& s, Time t) { s = {t + p.t_ref, p.y_reset}; }

 private:
  /// V - E_L at t, of which the floor holds for what was there before t.
  static double height(const Parameters& p, const State& s, Time t) {
    if (t == s.at) return s.y;
    return std::max(0.0, std::max(0.0, s.y) + p.slope * (t - s.at).ms());
  }
};

static_assert(NeuronModel<LinearLeakLif>);

}  // namespace chronotope::models
