// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cmath>

#include "chronotope/core/exponential.hpp"
#include "chronotope/core/stepped_neuron.hpp"
#include "chronotope/models/neurons/delta_lif.hpp"

namespace chronotope {

/// y = {V - V_inf}: dx/dt = -x/tau_m, x(t + h) = x e^(-h/tau_m); an arrival adds its weight [mV].
template <>
struct SteppedForm<models::DeltaLif> {
  using Model = models::DeltaLif;
  using Variables = std::array<double, 1>;
  using Inputs = std::array<double, 1>;
  using Constants = std::array<double, 3>;  // e^(-h/tau_m), threshold, reset
  static constexpr bool kBySign = false;

  static Variables start(const Model::Parameters&, const Model::State& s) { return {s.A}; }
  static Constants constants(const Model::Parameters& p, double h) {
    const models::Membrane& m = p.membrane;
    return {exp(-h / m.tau_m), m.x_th - kTolerance * std::abs(m.x_th), m.x_reset};
  }
  static Variables derivative(const Model::Parameters& p, const Variables& y) {
    return {-y[0] / p.membrane.tau_m};
  }
  static Variables advance(const Constants& c, const Variables& y) { return {y[0] * c[0]}; }
  static Variables receive(const Constants&, const Variables& y, const Inputs& in) { return {y[0] + in[0]}; }
  static double excess(const Constants& c, const Variables& y) { return y[0] - c[1]; }
  static double excess_rate(const Variables& dy) { return dy[0]; }
  static Variables reset(const Constants& c, const Variables&) { return {c[2]}; }
  static Duration t_ref(const Model::Parameters& p) { return p.membrane.t_ref; }
  static RefractoryRule refractory(const Model::Parameters& p) { return {true, p.keep_refractory_input}; }
  static double potential(const Model::Parameters& p, const Variables& y) { return p.membrane.V_inf + y[0]; }

 private:
  static constexpr double kTolerance = 0x1p-50;  // as the exact model: arrivals that sum up to V_th fire
};

static_assert(HasPropagator<models::DeltaLif>);

}  // namespace chronotope
