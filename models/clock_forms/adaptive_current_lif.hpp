// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "chronotope/core/exponential.hpp"
#include "chronotope/core/stepped_neuron.hpp"
#include "chronotope/models/closed_forms/psp_kernel.hpp"
#include "chronotope/models/neurons/adaptive_current_lif.hpp"

namespace chronotope {

/// y = {V - V_inf, I_ex, I_in, w [pA]}, as exp_psc_lif with a third current -w.
template <>
struct SteppedForm<models::AdaptiveCurrentLif> {
  using Model = models::AdaptiveCurrentLif;
  using Variables = std::array<double, 4>;
  using Inputs = std::array<double, 2>;
  using Constants = std::array<double, 10>;
  static constexpr bool kBySign = true;

  static Variables start(const Model::Parameters&, const Model::State& s) { return {s.x, 0, 0, 0}; }
  static Constants constants(const Model::Parameters& p, double h) {
    const models::Membrane& m = p.membrane;
    return {exp(-h / m.tau_m),
            m.resistance * models::psp_kernel(h, m.tau_m, p.tau_syn_ex),
            m.resistance * models::psp_kernel(h, m.tau_m, p.tau_syn_in),
            m.resistance * models::psp_kernel(h, m.tau_m, p.tau_w),
            exp(-h / p.tau_syn_ex),
            exp(-h / p.tau_syn_in),
            exp(-h / p.tau_w),
            m.x_th,
            m.x_reset,
            p.q_w};
  }
  static Variables derivative(const Model::Parameters& p, const Variables& y) {
    const models::Membrane& m = p.membrane;
    return {(m.resistance * (y[1] + y[2] - y[3]) - y[0]) / m.tau_m, -y[1] / p.tau_syn_ex,
            -y[2] / p.tau_syn_in, -y[3] / p.tau_w};
  }
  static Variables advance(const Constants& c, const Variables& y) {
    return {y[0] * c[0] + ((y[1] * c[1] + y[2] * c[2]) - y[3] * c[3]), y[1] * c[4], y[2] * c[5], y[3] * c[6]};
  }
  static Variables receive(const Constants&, const Variables& y, const Inputs& in) {
    return {y[0], y[1] + in[0], y[2] + in[1], y[3]};
  }
  static double excess(const Constants& c, const Variables& y) { return y[0] - c[7]; }
  static double excess_rate(const Variables& dy) { return dy[0]; }
  static Variables reset(const Constants& c, const Variables& y) { return {c[8], y[1], y[2], y[3] + c[9]}; }
  static Duration t_ref(const Model::Parameters& p) { return p.membrane.t_ref; }
  static RefractoryRule refractory(const Model::Parameters&) { return {}; }
  static double potential(const Model::Parameters& p, const Variables& y) { return p.membrane.V_inf + y[0]; }
};

static_assert(HasPropagator<models::AdaptiveCurrentLif>);

}  // namespace chronotope
