// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>

#include "chronotope/core/stepped_neuron.hpp"
#include "chronotope/models/neurons/linear_leak_lif.hpp"

namespace chronotope {

/// y = {V - E_L}: y(t + h) = max(floor, max(floor, y) + slope h), floor 0 or none. It holds again as soon as
/// arrivals were added up.
template <>
struct SteppedForm<models::LinearLeakLif> {
  using Model = models::LinearLeakLif;
  using Variables = std::array<double, 1>;
  using Inputs = std::array<double, 1>;
  using Constants = std::array<double, 5>;  // slope h, threshold, reset, floor, share of y - threshold kept
  static constexpr bool kBySign = false;

  static Variables start(const Model::Parameters&, const Model::State& s) { return {s.y}; }
  static Constants constants(const Model::Parameters& p, double h) {
    return {p.slope * h, p.y_th, p.y_reset, p.floor, p.subtracts ? 1.0 : 0.0};
  }
  static Variables derivative(const Model::Parameters& p, const Variables& y) {
    return {y[0] > p.floor ? p.slope : std::max(0.0, p.slope)};
  }
  static Variables advance(const Constants& c, const Variables& y) {
    return {std::max(c[3], std::max(c[3], y[0]) + c[0])};
  }
  static Variables receive(const Constants& c, const Variables& y, const Inputs& in) {
    return {std::max(c[3], y[0] + in[0])};
  }
  static double excess(const Constants& c, const Variables& y) { return y[0] - c[1]; }
  static double excess_rate(const Variables& dy) { return dy[0]; }
  static Variables reset(const Constants& c, const Variables& y) {
    return {c[2] + c[4] * std::max(0.0, y[0] - c[1])};
  }
  static Duration t_ref(const Model::Parameters& p) { return p.t_ref; }
  static RefractoryRule refractory(const Model::Parameters&) { return {}; }
  static double potential(const Model::Parameters& p, const Variables& y) {
    return p.E_L + std::max(p.floor, y[0]);
  }
};

static_assert(HasPropagator<models::LinearLeakLif>);

}  // namespace chronotope
