// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "chronotope/core/exponential.hpp"
#include "chronotope/core/stepped_neuron.hpp"
#include "chronotope/models/neurons/quadratic_lif.hpp"

namespace chronotope {

/// y = {u = V - middle}: du/dt = r (u^2 + q), whose solution is for every sign of q
///   u(t + h) = (u C + q S)/(C - u S),   C = cos(z), S = sin(z)/root   or   cosh, sinh (both times e^-z),   z
///   = r root h
/// u diverges within h where the denominator is not positive: it is then far above threshold.
template <>
struct SteppedForm<models::QuadraticLif> {
  using Model = models::QuadraticLif;
  using Variables = std::array<double, 1>;
  using Inputs = std::array<double, 1>;
  using Constants = std::array<double, 6>;  // C, S, q; threshold, reset; 1 where every u diverges
  static constexpr bool kBySign = false;

  static Variables start(const Model::Parameters& p, const Model::State& s) { return {s.y + p.saddle}; }
  static Constants constants(const Model::Parameters& p, double h) {
    constexpr double kPi = 3.14159265358979323846;
    const double z = p.r * p.root * h;
    const double threshold = p.y_th + p.saddle;
    const double reset = p.y_reset + p.saddle;
    if (p.q >= 0)
      return {cos(z), p.root == 0 ? p.r * h : sin(z) / p.root, p.q, threshold, reset, z >= kPi ? 1.0 : 0.0};
    return {(1 + exp(-2 * z)) / 2, -expm1(-2 * z) / (2 * p.root), p.q, threshold, reset, 0};
  }
  static Variables derivative(const Model::Parameters& p, const Variables& y) {
    return {p.r * (y[0] * y[0] + p.q)};
  }
  static Variables advance(const Constants& c, const Variables& y) {
    constexpr double kFar = 1000;  // [mV]
    const double denominator = c[0] - y[0] * c[1];
    const bool finite = (denominator > 0) & (c[5] == 0);
    return {finite ? (y[0] * c[0] + c[2] * c[1]) / denominator : c[3] + kFar};
  }
  static Variables receive(const Constants&, const Variables& y, const Inputs& in) { return {y[0] + in[0]}; }
  static double excess(const Constants& c, const Variables& y) { return y[0] - c[3]; }
  static double excess_rate(const Variables& dy) { return dy[0]; }
  static Variables reset(const Constants& c, const Variables&) { return {c[4]}; }
  static Duration t_ref(const Model::Parameters& p) { return p.t_ref; }
  static RefractoryRule refractory(const Model::Parameters&) { return {}; }
  static double potential(const Model::Parameters& p, const Variables& y) { return p.middle + y[0]; }
};

static_assert(HasPropagator<models::QuadraticLif>);

}  // namespace chronotope
