// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

#include "chronotope/core/exponential.hpp"
#include "chronotope/core/parameter_source.hpp"
#include "chronotope/core/stepped_neuron.hpp"

namespace chronotope::models {

/// Adaptive exponential integrate-and-fire neuron with exponential synaptic currents (Brette & Gerstner 2005,
/// equations 1 to 3; NEST: aeif_psc_exp). It has no closed form between events: the clock-driven engine runs
/// it, approximately.
///
///   C_m dV/dt = -g_L (V - E_L) + g_L Delta_T e^((V - V_th)/Delta_T) - w + I_ex + I_in + I_e
///   tau_w dw/dt = a (V - E_L) - w,   tau_s dI_s/dt = -I_s;   an arrival adds its weight [pA] to I_ex (> 0)
///   or I_in V >= V_peak: spike; V = V_reset for t_ref, w += b
/// In all terms V counts as V_peak at most, where the neuron fires (as in NEST): a step into the upstroke
/// neither overflows nor leaves a w that an overshoot has driven.
struct AdEx {
  static constexpr std::string_view kName = "adex";

  struct Parameters {
    double C_m;      // [pF]
    double g_L;      // [nS]
    double E_L;      // [mV]
    double V_th;     // [mV]
    double Delta_T;  // [mV]
    double V_peak;   // [mV]
    double V_reset;  // [mV]
    Duration t_ref;
    double a;           // [nS]
    double b;           // [pA]
    double tau_w;       // [ms]
    double tau_syn_ex;  // [ms]
    double tau_syn_in;  // [ms]
    double I_e;         // [pA]
  };
  struct State {
    double V;  // [mV]
  };

  static Parameters parameters(const ParameterSource& get) {
    const Parameters p{get("C_m", 281, kMembrane),
                       get("g_L", 30, kMembrane),
                       get("E_L", -70.6, kFinite),
                       get("V_th", -50.4, kFinite),
                       get("Delta_T", 2, kMembrane),
                       get("V_peak", 0, kFinite),
                       get("V_reset", -60, kFinite),
                       get.duration("t_ref", 0),
                       get("a", 4, kFinite),
                       get("b", 80.5, kFinite),
                       get("tau_w", 144, kTimeConstant),
                       get("tau_syn_ex", 5, kTimeConstant),
                       get("tau_syn_in", 10, kTimeConstant),
                       get("I_e", 0, kFinite)};
    get.require(p.V_peak > p.V_th, "V_peak", p.V_peak, "must be above V_th = " + to_string(p.V_th) + " mV");
    get.require(p.V_reset < p.V_peak, "V_reset", p.V_reset,
                "must be below V_peak = " + to_string(p.V_peak) + " mV");
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

/// y = {V, I_ex, I_in, w}.
template <>
struct SteppedForm<models::AdEx> {
  using Model = models::AdEx;
  using Variables = std::array<double, 4>;
  using Inputs = std::array<double, 2>;
  using Constants = std::array<double, 3>;  // V_peak, V_reset, b
  static constexpr bool kBySign = true;

  static Variables start(const Model::Parameters&, const Model::State& s) { return {s.V, 0, 0, 0}; }
  static Constants constants(const Model::Parameters& p, double) { return {p.V_peak, p.V_reset, p.b}; }
  static Variables derivative(const Model::Parameters& p, const Variables& y) {
    const double V = std::min(y[0], p.V_peak);
    const double spike = p.Delta_T * exp((V - p.V_th) / p.Delta_T);
    const double above = V - p.E_L;
    return {(p.g_L * (spike - above) - y[3] + y[1] + y[2] + p.I_e) / p.C_m, -y[1] / p.tau_syn_ex,
            -y[2] / p.tau_syn_in, (p.a * above - y[3]) / p.tau_w};
  }
  static Variables receive(const Constants&, const Variables& y, const Inputs& in) {
    return {y[0], y[1] + in[0], y[2] + in[1], y[3]};
  }
  static double excess(const Constants& c, const Variables& y) { return y[0] - c[0]; }
  static double excess_rate(const Variables& dy) { return dy[0]; }
  static Variables reset(const Constants& c, const Variables& y) { return {c[1], y[1], y[2], y[3] + c[2]}; }
  static Duration t_ref(const Model::Parameters& p) { return p.t_ref; }
  static RefractoryRule refractory(const Model::Parameters&) { return {}; }
  static double potential(const Model::Parameters&, const Variables& y) { return y[0]; }
};

static_assert(SteppedNeuron<models::AdEx> && InjectedNeuron<models::AdEx>);

}  // namespace chronotope
