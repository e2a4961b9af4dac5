// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <numbers>

#include "chronotope/core/exponential.hpp"
#include "chronotope/core/stepped_neuron.hpp"
#include "chronotope/models/closed_forms/psp_kernel.hpp"
#include "chronotope/models/neurons/alpha_psc_lif.hpp"

namespace chronotope {

/// y = {x = V - V_inf, I_ex, g_ex, I_in, g_in}: I(t + h) = (I + g h) e^(-h/tau_s), g(t + h) = g e^(-h/tau_s),
/// and x by the kernels of psp_kernel.hpp. An arrival of weight w adds e w/tau_s to g.
template <>
struct SteppedForm<models::AlphaPscLif> {
  using Model = models::AlphaPscLif;
  using Variables = std::array<double, 5>;
  using Inputs = std::array<double, 2>;
  using Constants = std::array<double, 12>;
  static constexpr bool kBySign = true;

  static Variables start(const Model::Parameters&, const Model::State& s) { return {s.x, 0, 0, 0, 0}; }
  static Constants constants(const Model::Parameters& p, double h) {
    const models::Membrane& m = p.membrane;
    return {exp(-h / m.tau_m),
            m.resistance * models::psp_kernel(h, m.tau_m, p.tau_syn_ex),
            m.resistance * models::ramp_kernel(h, m.tau_m, p.tau_syn_ex),
            m.resistance * models::psp_kernel(h, m.tau_m, p.tau_syn_in),
            m.resistance * models::ramp_kernel(h, m.tau_m, p.tau_syn_in),
            exp(-h / p.tau_syn_ex),
            exp(-h / p.tau_syn_in),
            h,
            std::numbers::e / p.tau_syn_ex,
            std::numbers::e / p.tau_syn_in,
            m.x_th,
            m.x_reset};
  }
  static Variables derivative(const Model::Parameters& p, const Variables& y) {
    const models::Membrane& m = p.membrane;
    return {(m.resistance * (y[1] + y[3]) - y[0]) / m.tau_m, y[2] - y[1] / p.tau_syn_ex, -y[2] / p.tau_syn_ex,
            y[4] - y[3] / p.tau_syn_in, -y[4] / p.tau_syn_in};
  }
  static Variables advance(const Constants& c, const Variables& y) {
    return {y[0] * c[0] + ((y[1] * c[1] + y[2] * c[2]) + (y[3] * c[3] + y[4] * c[4])),
            (y[1] + y[2] * c[7]) * c[5], y[2] * c[5], (y[3] + y[4] * c[7]) * c[6], y[4] * c[6]};
  }
  static Variables receive(const Constants& c, const Variables& y, const Inputs& in) {
    return {y[0], y[1], y[2] + c[8] * in[0], y[3], y[4] + c[9] * in[1]};
  }
  static double excess(const Constants& c, const Variables& y) { return y[0] - c[10]; }
  static double excess_rate(const Variables& dy) { return dy[0]; }
  static Variables reset(const Constants& c, const Variables& y) { return {c[11], y[1], y[2], y[3], y[4]}; }
  static Duration t_ref(const Model::Parameters& p) { return p.membrane.t_ref; }
  static RefractoryRule refractory(const Model::Parameters&) { return {}; }
  static double potential(const Model::Parameters& p, const Variables& y) { return p.membrane.V_inf + y[0]; }
};

static_assert(HasPropagator<models::AlphaPscLif>);

}  // namespace chronotope
