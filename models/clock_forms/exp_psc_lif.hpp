// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "chronotope/core/exponential.hpp"
#include "chronotope/core/stepped_neuron.hpp"
#include "chronotope/models/closed_forms/psp_kernel.hpp"
#include "chronotope/models/neurons/exp_psc_lif.hpp"

namespace chronotope {

/// y = {x = V - V_inf, I_ex, I_in [pA]}, with the exact propagator of Rotter & Diesmann 1999 (section 3.2),
/// k_s of psp_kernel:
///   x(t + h) = x e^(-h/tau_m) + R (I_ex k_ex(h) + I_in k_in(h)),   I_s(t + h) = I_s e^(-h/tau_s)
template <>
struct SteppedForm<models::ExpPscLif> {
  using Model = models::ExpPscLif;
  using Variables = std::array<double, 3>;
  using Inputs = std::array<double, 2>;
  using Constants =
      std::array<double, 7>;  // of x, I_ex, I_in onto x; of I_ex, I_in onto themselves; th, reset
  static constexpr bool kBySign = true;

  static Variables start(const Model::Parameters&, const Model::State& s) { return {s.A, 0, 0}; }
  static Constants constants(const Model::Parameters& p, double h) {
    const models::Membrane& m = p.membrane;
    return {exp(-h / m.tau_m),
            m.resistance * models::psp_kernel(h, m.tau_m, p.tau_syn_ex),
            m.resistance * models::psp_kernel(h, m.tau_m, p.tau_syn_in),
            exp(-h / p.tau_syn_ex),
            exp(-h / p.tau_syn_in),
            m.x_th,
            m.x_reset};
  }
  static Variables derivative(const Model::Parameters& p, const Variables& y) {
    const models::Membrane& m = p.membrane;
    return {(m.resistance * (y[1] + y[2]) - y[0]) / m.tau_m, -y[1] / p.tau_syn_ex, -y[2] / p.tau_syn_in};
  }
  static Variables advance(const Constants& c, const Variables& y) {
    return {y[0] * c[0] + (y[1] * c[1] + y[2] * c[2]), y[1] * c[3], y[2] * c[4]};
  }
  static Variables receive(const Constants&, const Variables& y, const Inputs& in) {
    return {y[0], y[1] + in[0], y[2] + in[1]};
  }
  static double excess(const Constants& c, const Variables& y) { return y[0] - c[5]; }
  static double excess_rate(const Variables& dy) { return dy[0]; }
  static Variables reset(const Constants& c, const Variables& y) { return {c[6], y[1], y[2]}; }
  static Duration t_ref(const Model::Parameters& p) { return p.membrane.t_ref; }
  static RefractoryRule refractory(const Model::Parameters&) { return {}; }
  static double potential(const Model::Parameters& p, const Variables& y) { return p.membrane.V_inf + y[0]; }
};

static_assert(HasPropagator<models::ExpPscLif>);

}  // namespace chronotope
