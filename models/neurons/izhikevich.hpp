// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>

#include "chronotope/core/parameter_source.hpp"
#include "chronotope/core/stepped_neuron.hpp"

namespace chronotope::models {

/// Izhikevich's neuron (Izhikevich 2003, equations 1 to 3; NEST: izhikevich). It has no closed form between
/// events: the clock-driven engine runs it, approximately.
///
///   dv/dt = 0.04 v^2 + 5 v + 140 - u + I_e,   du/dt = a (b v - u);   an arrival adds its weight [mV] to v
///   v >= V_th: spike; v = c, u += d
struct Izhikevich {
  static constexpr std::string_view kName = "izhikevich";

  struct Parameters {
    double a;     // [1/ms]
    double b;     // [1/ms]
    double c;     // [mV]
    double d;     // [mV/ms]
    double V_th;  // [mV]
    double I_e;   // [mV/ms]
    Duration t_ref;
  };
  struct State {
    double v;  // [mV]
    double u;  // [mV/ms]
  };

  static Parameters parameters(const ParameterSource& get) {
    const Parameters p{get("a", 0.02, kFinite), get("b", 0.2, kFinite),   get("c", -65, kFinite),
                       get("d", 8, kFinite),    get("V_th", 30, kFinite), get("I_e", 0, kFinite),
                       get.duration("t_ref", 0)};
    get.require(p.c < p.V_th, "c", p.c, "must be below V_th = " + to_string(p.V_th) + " mV");
    return p;
  }
  static State initial_state(const Parameters& p, const ParameterSource& get) {
    const double v = get("V_m", -65, kFinite);
    return {v, p.b * v};
  }
};

}  // namespace chronotope::models

namespace chronotope {

/// y = {v, u}.
template <>
struct SteppedForm<models::Izhikevich> {
  using Model = models::Izhikevich;
  using Variables = std::array<double, 2>;
  using Inputs = std::array<double, 1>;
  using Constants = std::array<double, 3>;  // threshold, c, d
  static constexpr bool kBySign = false;

  static Variables start(const Model::Parameters&, const Model::State& s) { return {s.v, s.u}; }
  static Constants constants(const Model::Parameters& p, double) { return {p.V_th, p.c, p.d}; }
  static Variables derivative(const Model::Parameters& p, const Variables& y) {
    return {(0.04 * y[0] + 5) * y[0] + 140 - y[1] + p.I_e, p.a * (p.b * y[0] - y[1])};
  }
  static Variables receive(const Constants&, const Variables& y, const Inputs& in) {
    return {y[0] + in[0], y[1]};
  }
  static double excess(const Constants& c, const Variables& y) { return y[0] - c[0]; }
  static double excess_rate(const Variables& dy) { return dy[0]; }
  static Variables reset(const Constants& c, const Variables& y) { return {c[1], y[1] + c[2]}; }
  static Duration t_ref(const Model::Parameters& p) { return p.t_ref; }
  static RefractoryRule refractory(const Model::Parameters&) { return {}; }
  static double potential(const Model::Parameters&, const Variables& y) { return y[0]; }
};

static_assert(SteppedNeuron<models::Izhikevich>);

}  // namespace chronotope
