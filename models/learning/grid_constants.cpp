// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/learning/grid_constants.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "chronotope/core/exponential.hpp"
#include "chronotope/models/learning/propagator.hpp"

namespace chronotope::models {

template <class Real>
void ConstantColumns<Real>::assign_zeros(std::size_t padded, std::size_t receptors) {
  for (auto* column : {&u, &u_V, &threshold, &reset}) column->assign(padded, 0);
  for (auto* column : {&u_I, &g_I}) column->assign(receptors * padded, 0);
}

template <class Real>
ConstantColumns<Real>& ConstantColumns<Real>::operator+=(const ConstantColumns& more) {
  const auto add = [](AlignedColumn<Real>& to, const AlignedColumn<Real>& from) {
    for (std::size_t i = 0; i < to.size(); ++i) to[i] += from[i];
  };
  add(u, more.u);
  add(u_V, more.u_V);
  add(threshold, more.threshold);
  add(reset, more.reset);
  add(u_I, more.u_I);
  add(g_I, more.g_I);
  return *this;
}

template <class Real>
GridConstants<Real>::GridConstants(const TrainedNetwork& start, Duration dt, double beta)
    : dt_(dt.ms()), step_(dt) {
  const std::size_t padded = (start.neurons + kNeuronPad - 1) / kNeuronPad * kNeuronPad;
  const NetworkParameters& p = start.parameters;
  for (std::size_t i = 0; i < start.neurons; ++i) delta_.push_back(std::abs(p.V_th[i] - p.E_L[i]));
  for (auto* column : {&alpha_, &drift_, &reset_, &hold_, &scale_, &start_}) column->assign(padded, 0);
  threshold_.assign(padded, std::numeric_limits<Real>::infinity());
  for (auto* column : {&kick_, &decay_}) column->assign(padded * start.receptors, 0);
  for (std::size_t i = 0; i < start.neurons; ++i) {
    hold_[i] = static_cast<Real>(floor_ratio(2 * Duration::nearest(p.t_ref[i]) + dt, 2 * dt));
    scale_[i] = static_cast<Real>(1 / delta_[i]);
  }
  const bool holds = std::any_of(hold_.begin(), hold_.end(), [](Real steps) { return steps > 0; });
  neurons_ = {padded,
              start.receptors,
              alpha_.data(),
              drift_.data(),
              threshold_.data(),
              reset_.data(),
              holds ? hold_.data() : nullptr,
              scale_.data(),
              kick_.data(),
              decay_.data(),
              static_cast<Real>(beta)};
  refresh(p);
}

template <class Real>
void GridConstants<Real>::refresh(const NetworkParameters& p) {
  for (std::size_t i = 0; i < delta_.size(); ++i) {
    alpha_[i] = static_cast<Real>(exp(-dt_ / p.tau_m[i]));
    drift_[i] = static_cast<Real>(-expm1(-dt_ / p.tau_m[i]) * (p.tau_m[i] / p.C_m[i]) * p.I_e[i]);
    threshold_[i] = static_cast<Real>(p.V_th[i] - p.E_L[i]);
    reset_[i] = static_cast<Real>(p.V_reset[i] - p.E_L[i]);
    start_[i] = static_cast<Real>(p.V_m[i] - p.E_L[i]);
    for (std::size_t s = 0; s < neurons_.receptors; ++s) {
      const double tau_syn = p.tau_syn[s * delta_.size() + i];
      const std::size_t at = s * neurons_.padded + i;
      kick_[at] = static_cast<Real>(SynapticPropagator::over(dt_, p.tau_m[i], tau_syn).phi / p.C_m[i]);
      decay_[at] = static_cast<Real>(exp(-dt_ / tau_syn));
    }
  }
}

template <class Real>
void GridConstants<Real>::differentiate(const NetworkParameters& p, const ConstantColumns<Real>& sums,
                                        NetworkParameters& gradient) const {
  for (std::size_t i = 0; i < delta_.size(); ++i) {
    const double tau_m = p.tau_m[i];
    const double C_m = p.C_m[i];
    const double R = tau_m / C_m;
    const double alpha = exp(-dt_ / tau_m);
    const double rise = -expm1(-dt_ / tau_m);
    const double u = sums.u[i];
    gradient.E_L[i] = rise * u;
    gradient.I_e[i] = rise * R * u;
    gradient.V_th[i] = -sums.threshold[i];
    gradient.V_reset[i] = sums.reset[i];
    double by_tau_m =
        (sums.u_V[i] - R * p.I_e[i] * u) * alpha * dt_ / (tau_m * tau_m) + rise * p.I_e[i] / C_m * u;
    double by_C_m = rise * R * p.I_e[i] * u;
    for (std::size_t s = 0; s < neurons_.receptors; ++s) {
      const std::size_t at = s * neurons_.padded + i;
      const double tau_syn = p.tau_syn[s * delta_.size() + i];
      const SynapticPropagator step = SynapticPropagator::over(dt_, tau_m, tau_syn);
      by_tau_m += step.dphi_dtau_m / C_m * sums.u_I[at];
      by_C_m += step.phi / C_m * sums.u_I[at];
      gradient.tau_syn[s * delta_.size() + i] =
          step.dphi_dtau_s / C_m * sums.u_I[at] + step.rho * dt_ / (tau_syn * tau_syn) * sums.g_I[at];
    }
    gradient.tau_m[i] = by_tau_m;
    gradient.C_m[i] = -by_C_m / C_m;
  }
}

template struct ConstantColumns<float>;
template struct ConstantColumns<double>;
template class GridConstants<float>;
template class GridConstants<double>;

}  // namespace chronotope::models
