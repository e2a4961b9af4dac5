// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "chronotope/core/neuron_model.hpp"
#include "chronotope/models/neurons/crossing.hpp"
#include "chronotope/models/neurons/membrane.hpp"

namespace chronotope::models {

/// Leaky integrate-and-fire neuron with delta synapses (NEST: iaf_psc_delta).
///
///   tau_m dV/dt = -(V - V_inf);  an arrival adds its weight [mV] to V
///   V >= V_th: spike; V = V_reset for t_ref
///
/// Between arrivals V relaxes exponentially, so the crossing has the closed form
/// t = tau_m ln((V_inf - V)/(V_inf - V_th)). Arrivals in [t_spike, t_spike + t_ref) are discarded, or kept:
/// then V leaves the refractory period at V_reset plus their sum.
struct DeltaLif {
  static constexpr std::string_view kName = "delta_lif";

  struct Parameters {
    Membrane membrane;
    bool keep_refractory_input;
  };

  /// V at time `at`; in the refractory period `at` is its end and lies in the future.
  struct State {
    Time at;
    double V;
  };

  static Parameters parameters(const ParameterSource& get) {
    return {read_membrane(get), get.chosen("refractory_input", "KEEP")};
  }
  static State initial_state(const Parameters&, const ParameterSource& get) {
    return {Time(), initial_potential(get)};
  }

  static double threshold(const Parameters& p, const State&, Time) { return p.membrane.V_th; }

  static double potential(const Parameters& p, const State& s, Time t) {
    return t < s.at ? p.membrane.V_reset : relaxed(p.membrane, s, t);
  }

  static void receive(const Parameters& p, State& s, Time t, double w) {
    if (t < s.at) {
      if (p.keep_refractory_input) s.V += w;
      return;
    }
    s = {t, relaxed(p.membrane, s, t) + w};
  }

  static Time crossing_bound(const Parameters& p, const State& s, Time now) {
    return first_crossing(std::max(now, s.at),
                          [&](Time t) { return time_below_threshold(p.membrane, s, t); });
  }

  static void fire(const Parameters& p, State& s, Time t) {
    s = {t + Duration{p.membrane.t_ref}, p.membrane.V_reset};
  }

 private:
  static double relaxed(const Membrane& m, const State& s, Time t) {
    return s.V + (m.V_inf - s.V) * (1 - exp(-(t - s.at).ms / m.tau_m));
  }

  static double time_below_threshold(const Membrane& m, const State& s, Time t) {
    const double gap = m.V_th - relaxed(m, s, t);
    if (gap <= 0) return 0;
    return m.V_inf <= m.V_th ? kNoCrossing : relaxation_time(gap, m.V_inf - m.V_th, m.tau_m);
  }
};

static_assert(NeuronModel<DeltaLif>);

}  // namespace chronotope::models
