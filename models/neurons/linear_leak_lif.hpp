// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>

#include "chronotope/core/error.hpp"
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
///
/// floor NONE: V goes as low as it is taken. reset SUBTRACT: a spike takes V_th - V_reset from V, so that
/// what an arrival brought beyond the threshold is kept; a neuron that is still above it fires again two ticks
/// later, the nearest that two spikes can be. With both and t_ref = 0 the spikes in [0, T) are floor(relu(x)) of
///   x = (V_m - V_reset + T (I_e/C_m - leak) + sum of weights that arrived)/(V_th - V_reset)
/// but for what inhibition took after the last spike: a ReLU of counts.
struct LinearLeakLif {
  static constexpr std::string_view kName = "linear_leak_lif";

  struct Parameters {
    double slope;    // I_e/C_m - leak [mV/ms]
    double E_L;      // [mV]
    double y_th;     // V_th - E_L [mV], > 0 with a floor
    double y_reset;  // V_reset - E_L [mV], >= 0 with a floor
    double floor;    // of V - E_L [mV]: 0 or -infinity
    bool subtracts;  // at a spike
    Duration t_ref;
  };

  /// V at time `at`; in the refractory period, or before it fires again, `at` is its end and lies in the
  /// future.
  struct State {
    Time at;
    double y;  // V - E_L [mV]; below the floor only within the instant `at`
  };

  struct Injection {
    double C_m;   // [pF]
    double leak;  // [mV/ms]
    double I_e;   // [pA]

    double slope(double I) const {
      return std::fma(-leak, C_m, I_e + I) / C_m;
    }  // no digits lost near balance
  };
  static Injection injection(const ParameterSource& get) {
    return {get("C_m", 250, kMembrane), get("leak", 0.1, kNonNegative), get("I_e", 0, kFinite)};
  }
  static void inject(Parameters& p, const Injection& current, double I) { p.slope = current.slope(I); }

  static Parameters parameters(const ParameterSource& get) {
    const double slope = injection(get).slope(0);
    const double E_L = get("E_L", -70, kFinite);
    const double V_th = get("V_th", -55, kFinite);
    const double V_reset = get("V_reset", -70, kFinite);
    get.require(V_reset < V_th, "V_reset", V_reset, "must be below V_th = " + to_string(V_th) + " mV");
    const bool floats = get.chosen("floor", "NONE");
    get.require(floats || V_reset >= E_L, "V_reset", V_reset,
                "must not be below the floor E_L = " + to_string(E_L) + " mV");
    return {slope,
            E_L,
            V_th - E_L,
            V_reset - E_L,
            floats ? -std::numeric_limits<double>::infinity() : 0,
            get.chosen("reset", "SUBTRACT"),
            get.duration("t_ref", 2)};
  }
  static State initial_state(const Parameters& p, const ParameterSource& get) {
    return {Time(), get("V_m", p.E_L, kFinite) - p.E_L};
  }

  static double threshold(const Parameters& p, const State&, Time) { return p.E_L + p.y_th; }

  static double potential(const Parameters& p, const State& s, Time t) {
    return p.E_L + (t < s.at ? (p.subtracts ? s.y : p.y_reset) : std::max(p.floor, height(p, s, t)));
  }

  static void receive(const Parameters& p, State& s, Time t, double w) {
    if (t < s.at) {
      if (p.t_ref == Duration() && s.at - t <= pause()) s.y += w;
      return;
    }
    s = {t, height(p, s, t) + w};
  }

  /// In closed form, rounded once: a crossing at a decimal time is there.
  static CrossingTime crossing_bound(const Parameters& p, const State& s, Time now) {
    const double gap = p.y_th - s.y;
    if (gap <= 0) return {std::max(now, s.at), 0, true};
    if (p.slope <= 0) return {Time::never()};
    return crossing_time(s.at, std::max(now, s.at), {std::min(gap, p.y_th - p.floor) / p.slope, true});
  }

  static void fire(const Parameters& p, State& s, Time t) {
    const double y = p.y_reset + (p.subtracts ? std::max(0.0, s.y - p.y_th) : 0);
    if (y < p.y_th || p.t_ref > Duration()) {
      s = {t + p.t_ref, y};
    } else {
      s = {t + pause(), y + p.slope * pause().ms()};
    }
  }

  /// Requires: the same kinds of floor and reset. A V can not be kept that is below the floor now.
  static void keep_potential(const Parameters& before, const Parameters& now, State& s, Time t) {
    if (t < s.at && !now.subtracts) {
      s.y = now.y_reset;
      return;
    }
    const double y = (t < s.at ? s.y : height(before, s, t)) + (before.E_L - now.E_L);
    if (y < now.floor)
      throw InputError("V = " + to_string(now.E_L + y) +
                       " mV is below what the floor E_L = " + to_string(now.E_L) + " mV is now");
    s = {std::max(s.at, t), y};
  }

 private:
  /// Between two spikes without a refractory period; a longer one than that is from before t_ref became 0.
  static Duration pause() { return Duration::from_ticks(2); }

  /// V - E_L at t, of which the floor holds for what was there before t.
  static double height(const Parameters& p, const State& s, Time t) {
    if (t == s.at) return s.y;
    return std::max(p.floor, std::max(p.floor, s.y) + p.slope * (t - s.at).ms());
  }
};

static_assert(NeuronModel<LinearLeakLif> && RetunedNeuron<LinearLeakLif> && InjectedNeuron<LinearLeakLif>);

}  // namespace chronotope::models
