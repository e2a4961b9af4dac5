// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "chronotope/core/exponential.hpp"
#include "chronotope/core/stepped_neuron.hpp"
#include "chronotope/models/closed_forms/psp_kernel.hpp"
#include "chronotope/models/neurons/adaptive_threshold_lif.hpp"

namespace chronotope {

/// y = {V - V_inf, I_ex, I_in [pA], h_1, h_2 [mV]}, as exp_psc_lif below a threshold that decays.
template <>
struct SteppedForm<models::AdaptiveThresholdLif> {
  using Model = models::AdaptiveThresholdLif;
  using Variables = std::array<double, 5>;
  using Inputs = std::array<double, 2>;
  using Constants = std::array<double, 12>;  // the last is 1 where a spike resets V
  static constexpr bool kBySign = true;

  static Variables start(const Model::Parameters&, const Model::State& s) { return {s.x, 0, 0, 0, 0}; }
  static Constants constants(const Model::Parameters& p, double h) {
    const models::Membrane& m = p.membrane;
    return {exp(-h / m.tau_m),
            m.resistance * models::psp_kernel(h, m.tau_m, p.tau_syn_ex),
            m.resistance * models::psp_kernel(h, m.tau_m, p.tau_syn_in),
            exp(-h / p.tau_syn_ex),
            exp(-h / p.tau_syn_in),
            exp(-h / p.tau_1),
            exp(-h / p.tau_2),
            m.x_th,
            m.x_reset,
            p.alpha_1,
            p.alpha_2,
            p.resets ? 1.0 : 0.0};
  }
  static Variables derivative(const Model::Parameters& p, const Variables& y) {
    const models::Membrane& m = p.membrane;
    return {(m.resistance * (y[1] + y[2]) - y[0]) / m.tau_m, -y[1] / p.tau_syn_ex, -y[2] / p.tau_syn_in,
            -y[3] / p.tau_1, -y[4] / p.tau_2};
  }
  static Variables advance(const Constants& c, const Variables& y) {
    return {y[0] * c[0] + (y[1] * c[1] + y[2] * c[2]), y[1] * c[3], y[2] * c[4], y[3] * c[5], y[4] * c[6]};
  }
  static Variables receive(const Constants&, const Variables& y, const Inputs& in) {
    return {y[0], y[1] + in[0], y[2] + in[1], y[3], y[4]};
  }
  static double excess(const Constants& c, const Variables& y) { return y[0] - c[7] - (y[3] + y[4]); }
  static double excess_rate(const Variables& dy) { return dy[0] - (dy[3] + dy[4]); }
  static Variables reset(const Constants& c, const Variables& y) {
    return {c[11] > 0 ? c[8] : y[0], y[1], y[2], y[3] + c[9], y[4] + c[10]};
  }
  static Duration t_ref(const Model::Parameters& p) { return p.membrane.t_ref; }
  static RefractoryRule refractory(const Model::Parameters& p) { return {p.resets, false}; }
  static double potential(const Model::Parameters& p, const Variables& y) { return p.membrane.V_inf + y[0]; }
};

static_assert(HasPropagator<models::AdaptiveThresholdLif>);

}  // namespace chronotope
