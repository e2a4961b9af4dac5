// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/learning/optimiser.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "chronotope/core/exponential.hpp"

namespace chronotope::models {
namespace {

constexpr double kDelayUnit = 5;          // [ms] per unit of the rate
constexpr double kLeastThreshold = 0.01;  // above V_reset, by |V_th - E_L| at the start

double moved_tau(double tau, double fall, const OptimiserOptions& options) {
  return std::clamp(exp(log(tau) - fall), options.least_tau, options.largest_tau);
}

}  // namespace

Optimiser::Optimiser(const TrainedNetwork& start, OptimiserOptions options) : options_(std::move(options)) {
  const NetworkParameters& p = start.parameters;
  for (std::size_t i = 0; i < start.neurons; ++i) {
    threshold_unit_.push_back(std::abs(p.V_th[i] - p.E_L[i]));
    current_unit_.push_back(threshold_unit_[i] * p.C_m[i] / p.tau_m[i]);
    least_threshold_.push_back(std::min(p.V_th[i], p.V_reset[i] + kLeastThreshold * threshold_unit_[i]));
  }
  memory_ = {0, p.zeros(), p.zeros()};
}

/// Calls visit(derivative in the number's unit, m, v, move), where move(fall) takes the step.
template <class Visit>
void Optimiser::for_each_number(const NetworkParameters& g, NetworkParameters& p, Visit visit) {
  NetworkParameters& m = memory_.m;
  NetworkParameters& v = memory_.v;
  for (std::size_t k = 0; k < p.weight.size(); ++k)
    if (const double unit = options_.unit[k]; unit > 0)
      visit(unit * g.weight[k], m.weight[k], v.weight[k], [&](double fall) {
        p.weight[k] = std::clamp(p.weight[k] - unit * fall, options_.low[k], options_.high[k]);
      });
  for (std::size_t k = 0; k < options_.least_delay.size(); ++k)
    if (const double least = options_.least_delay[k]; least >= 0)
      visit(kDelayUnit * g.delay[k], m.delay[k], v.delay[k],
            [&](double fall) { p.delay[k] = std::max(p.delay[k] - kDelayUnit * fall, least); });
  for (std::size_t i = 0; options_.tau_m && i < p.tau_m.size(); ++i)
    visit(p.tau_m[i] * at_constant_resistance(g.tau_m[i], g.C_m[i], p.tau_m[i], p.C_m[i]), m.tau_m[i],
          v.tau_m[i], [&](double fall) {
            const double R = p.tau_m[i] / p.C_m[i];
            p.tau_m[i] = moved_tau(p.tau_m[i], fall, options_);
            p.C_m[i] = p.tau_m[i] / R;
          });
  for (std::size_t i = 0; options_.tau_syn && i < p.tau_syn.size(); ++i)
    visit(p.tau_syn[i] * g.tau_syn[i], m.tau_syn[i], v.tau_syn[i],
          [&](double fall) { p.tau_syn[i] = moved_tau(p.tau_syn[i], fall, options_); });
  for (std::size_t i = 0; options_.V_th && i < p.V_th.size(); ++i)
    visit(threshold_unit_[i] * g.V_th[i], m.V_th[i], v.V_th[i], [&](double fall) {
      p.V_th[i] = std::max(p.V_th[i] - threshold_unit_[i] * fall, least_threshold_[i]);
    });
  for (std::size_t i = 0; options_.I_e && i < p.I_e.size(); ++i)
    visit(current_unit_[i] * g.I_e[i], m.I_e[i], v.I_e[i],
          [&](double fall) { p.I_e[i] -= current_unit_[i] * fall; });
  for (std::size_t k = 0; k < p.W_o.size(); ++k)
    visit(g.W_o[k], m.W_o[k], v.W_o[k], [&](double fall) { p.W_o[k] -= fall; });
}

double Optimiser::gradient_length(const NetworkParameters& gradient, NetworkParameters& values) {
  double sum = 0;
  for_each_number(gradient, values, [&](double g, double&, double&, const auto&) { sum += g * g; });
  return std::sqrt(sum);
}

bool Optimiser::is_finite(const NetworkParameters& gradient, NetworkParameters& values) {
  double times_zero = 0;
  for_each_number(gradient, values, [&](double g, double&, double&, const auto&) { times_zero += 0 * g; });
  return times_zero == 0;
}

bool Optimiser::step(double rate, const NetworkParameters& gradient, NetworkParameters& values) {
  const double length = options_.clip > 0 ? gradient_length(gradient, values) : 0;
  const bool clipped = length > options_.clip;
  const double shortened = clipped ? options_.clip / length : 1;
  const Adam::Correction correction = options_.adam.correction(++memory_.steps);
  for_each_number(gradient, values, [&](double g, double& m, double& v, const auto& move) {
    move(rate * options_.adam.fall(correction, shortened * g, m, v));
  });
  return clipped;
}

}  // namespace chronotope::models
