// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>

#include "chronotope/core/exponential.hpp"
#include "chronotope/core/stepped_neuron.hpp"
#include "chronotope/models/closed_forms/psp_kernel.hpp"
#include "chronotope/models/neurons/multi_receptor_lif.hpp"

namespace chronotope {

/// y = {V - V_inf, I_0, ... I_7 [pA]}, as exp_psc_lif; the currents of receptors that are not used stay 0.
template <>
struct SteppedForm<models::MultiReceptorLif> {
  using Model = models::MultiReceptorLif;
  static constexpr std::size_t kReceptors = Model::kMostReceptors;
  using Variables = std::array<double, 1 + kReceptors>;
  using Inputs = std::array<double, kReceptors>;
  using Constants =
      std::array<double, 3 + 2 * kReceptors>;  // of x; threshold, reset; of each I onto x and itself
  static constexpr bool kBySign = false;

  static Variables start(const Model::Parameters&, const Model::State& s) { return {s.x}; }
  static Constants constants(const Model::Parameters& p, double h) {
    const models::Membrane& m = p.membrane;
    Constants c{exp(-h / m.tau_m), m.x_th, m.x_reset};
    for (std::size_t k = 0; k < kReceptors; ++k) {
      c[3 + k] = m.resistance * models::psp_kernel(h, m.tau_m, p.tau_syn[k]);
      c[3 + kReceptors + k] = exp(-h / p.tau_syn[k]);
    }
    return c;
  }
  static Variables derivative(const Model::Parameters& p, const Variables& y) {
    const models::Membrane& m = p.membrane;
    Variables dy{};
    double current = 0;
    for (std::size_t k = 0; k < kReceptors; ++k) {
      current += y[1 + k];
      dy[1 + k] = -y[1 + k] / p.tau_syn[k];
    }
    dy[0] = (m.resistance * current - y[0]) / m.tau_m;
    return dy;
  }
  static Variables advance(const Constants& c, const Variables& y) {
    Variables next{};
    double rise = 0;
    for (std::size_t k = 0; k < kReceptors; ++k) {
      rise += y[1 + k] * c[3 + k];
      next[1 + k] = y[1 + k] * c[3 + kReceptors + k];
    }
    next[0] = y[0] * c[0] + rise;
    return next;
  }
  static Variables receive(const Constants&, const Variables& y, const Inputs& in) {
    Variables next = y;
    for (std::size_t k = 0; k < kReceptors; ++k) next[1 + k] += in[k];
    return next;
  }
  static double excess(const Constants& c, const Variables& y) { return y[0] - c[1]; }
  static double excess_rate(const Variables& dy) { return dy[0]; }
  static Variables reset(const Constants& c, const Variables& y) {
    Variables next = y;
    next[0] = c[2];
    return next;
  }
  static Duration t_ref(const Model::Parameters& p) { return p.membrane.t_ref; }
  static RefractoryRule refractory(const Model::Parameters&) { return {}; }
  static double potential(const Model::Parameters& p, const Variables& y) { return p.membrane.V_inf + y[0]; }
};

static_assert(HasPropagator<models::MultiReceptorLif>);

}  // namespace chronotope
