// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>

#include "chronotope/core/parameter_source.hpp"
#include "chronotope/core/stepped_neuron.hpp"

namespace chronotope::models {

/// Leaky integrate-and-fire neuron with exponential synaptic conductances (NEST: iaf_cond_exp). It has no
/// closed form between events: the clock-driven engine runs it, approximately.
///
///   C_m dV/dt = -g_L (V - E_L) - g_ex (V - E_ex) - g_in (V - E_in) + I_e,   tau_s dg_s/dt = -g_s
///   an arrival of weight w [nS] adds w to g_ex (w > 0) or -w to g_in (w < 0)
///   V >= V_th: spike; V = V_reset for t_ref while the conductances go on
struct CondExpLif {
  static constexpr std::string_view kName = "cond_exp_lif";

  struct Parameters {
    double C_m;      // [pF]
    double g_L;      // [nS]
    double E_L;      // [mV]
    double E_ex;     // [mV]
    double E_in;     // [mV]
    double V_th;     // [mV]
    double V_reset;  // [mV]
    Duration t_ref;
    double tau_syn_ex;  // [ms]
    double tau_syn_in;  // [ms]
    double I_e;         // [pA]
  };
  struct State {
    double V;  // [mV]
  };

  static Parameters parameters(const ParameterSource& get) {
    const Parameters p{get("C_m", 250, kMembrane),
                       get("g_L", 16.6667, kMembrane),
                       get("E_L", -70, kFinite),
                       get("E_ex", 0, kFinite),
                       get("E_in", -85, kFinite),
                       get("V_th", -55, kFinite),
                       get("V_reset", -60, kFinite),
                       get.duration("t_ref", 2),
                       get("tau_syn_ex", 5, kTimeConstant),
                       get("tau_syn_in", 10, kTimeConstant),
                       get("I_e", 0, kFinite)};
    get.require(p.V_reset < p.V_th, "V_reset", p.V_reset,
                "must be below V_th = " + to_string(p.V_th) + " mV");
    return p;
  }
  static State initial_state(const Parameters& p, const ParameterSource& get) {
    return {get("V_m", p.E_L, kFinite)};
  }

  using Injection = double;  // I_e [pA]
  static Injection injection(const ParameterSource& get) { return get("I_e", 0, kFinite); }
  static void inject(Parameters& p, Injection I_e, double I) { p.I_e = I_e + I; }
};

}  // namespace chronotope::models

namespace chronotope {

/// y = {V, g_ex, g_in}.
template <>
struct SteppedForm<models::CondExpLif> {
  using Model = models::CondExpLif;
  using Variables = std::array<double, 3>;
  using Inputs = std::array<double, 2>;
  using Constants = std::array<double, 2>;  // threshold, reset
  static constexpr bool kBySign = true;

  static Variables start(const Model::Parameters&, const Model::State& s) { return {s.V, 0, 0}; }
  static Constants constants(const Model::Parameters& p, double) { return {p.V_th, p.V_reset}; }
  static Variables derivative(const Model::Parameters& p, const Variables& y) {
    return {(p.g_L * (p.E_L - y[0]) + y[1] * (p.E_ex - y[0]) + y[2] * (p.E_in - y[0]) + p.I_e) / p.C_m,
            -y[1] / p.tau_syn_ex, -y[2] / p.tau_syn_in};
  }
  static Variables receive(const Constants&, const Variables& y, const Inputs& in) {
    return {y[0], y[1] + in[0], y[2] - in[1]};
  }
  static double excess(const Constants& c, const Variables& y) { return y[0] - c[0]; }
  static double excess_rate(const Variables& dy) { return dy[0]; }
  static Variables reset(const Constants& c, const Variables& y) { return {c[1], y[1], y[2]}; }
  static Duration t_ref(const Model::Parameters& p) { return p.t_ref; }
  static RefractoryRule refractory(const Model::Parameters&) { return {}; }
  static double potential(const Model::Parameters&, const Variables& y) { return y[0]; }
};

static_assert(SteppedNeuron<models::CondExpLif> && InjectedNeuron<models::CondExpLif>);

}  // namespace chronotope
