// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/learning/escape_trace.hpp"

#include <algorithm>
#include <array>
#include <boost/math/quadrature/gauss.hpp>
#include <cassert>
#include <cmath>
#include <limits>
#include <utility>

#include "chronotope/core/exponential.hpp"
#include "chronotope/models/closed_forms/psp_kernel.hpp"

namespace chronotope::models {
namespace {

/// A share of delta_u that no integral to 1e-12 sees.
constexpr double kNothing = 1e-14;
/// e^-100: a hazard that low adds nothing to any integral.
constexpr double kOutOfReach = -100;
constexpr double kLargestExponent = 700;

/// Nodes in (0, 1) and weights of Gauss and Legendre's rule.
struct GaussRule {
  std::array<double, 10> node{};
  std::array<double, 10> weight{};

  GaussRule() {
    using Rule = boost::math::quadrature::gauss<double, 10>;
    for (std::size_t k = 0; k < 5; ++k) {
      node[4 - k] = (1 - Rule::abscissa()[k]) / 2;
      node[5 + k] = (1 + Rule::abscissa()[k]) / 2;
      weight[4 - k] = weight[5 + k] = Rule::weights()[k] / 2;
    }
  }
};

std::size_t place(EscapeReceptor receptor) { return static_cast<std::size_t>(receptor); }

}  // namespace

EscapeTrace::EscapeTrace(const EscapeNoiseLif::Parameters& parameters, const EscapeNoiseLif::State& start,
                         std::vector<EscapeReceptor> receptors, bool information)
    : p_(parameters),
      tau_syn_{parameters.tau_syn_ex, parameters.tau_syn_in},
      receptors_(std::move(receptors)),
      information_(information),
      now_(start.at),
      release_(start.at),
      x_(start.x),
      current_{p_.membrane.resistance * start.I_ex, p_.membrane.resistance * start.I_in},
      v_(receptors_.size()),
      i_(receptors_.size()) {
  for (const EscapeReceptor receptor : receptors_) has_[place(receptor)] = true;
  clear();
}

void EscapeTrace::clear() {
  sums_ = {};
  sums_.gradient.assign(receptors_.size(), 0);
  if (information_) sums_.information.assign(receptors_.size() * receptors_.size(), 0);
}

EscapeSums EscapeTrace::take() {
  EscapeSums taken = std::move(sums_);
  clear();
  return taken;
}

void EscapeTrace::arrive(Time t, std::size_t synapse, double weight) {
  advance(t);
  i_[synapse] += p_.membrane.resistance;
  current_[place(receptors_[synapse])] += p_.membrane.resistance * weight;
}

void EscapeTrace::fire(Time t) {
  assert(t >= release_);
  advance(t);
  sums_.log_hazard += hazard_exponent(x_) - log(p_.tau_0);
  for (std::size_t j = 0; j < v_.size(); ++j) sums_.gradient[j] += v_[j] / p_.delta_u;
  sums_.intervals.push_back(std::exchange(since_spike_, 0));
  release_ = t + p_.membrane.t_ref;
  x_ = p_.membrane.x_reset;
  std::fill(v_.begin(), v_.end(), 0);
}

void EscapeTrace::advance(Time t) {
  if (now_ < release_) {
    const Time end = std::min(t, release_);
    decay_currents((end - now_).ms());
    now_ = end;
  }
  if (now_ >= t) return;
  integrate((t - now_).ms());
  now_ = t;
}

double EscapeTrace::hazard_exponent(double x) const { return (x - p_.membrane.x_th) / p_.delta_u; }

/// Nothing that arrived counts any more.
bool EscapeTrace::rests() const {
  const double least = kNothing * p_.membrane.resistance;
  const auto is_small = [least](double x) { return std::abs(x) <= least; };
  return std::all_of(v_.begin(), v_.end(), is_small) && std::all_of(i_.begin(), i_.end(), is_small);
}

/// |dV/dt| <= (largest |V - V_inf| + sum |R I|)/tau_m from now on.
double EscapeTrace::panel(double left) const {
  const double least = kNothing * p_.delta_u;
  const double drive = std::abs(current_[0]) + std::abs(current_[1]);
  const bool waits = !rests();
  double shortest = std::numeric_limits<double>::infinity();
  for (int s = 0; s < 2; ++s)
    if (std::abs(current_[s]) > least || (waits && has_[s])) shortest = std::min(shortest, tau_syn_[s]);
  if (waits || std::abs(x_) > least || drive > least) shortest = std::min(shortest, p_.membrane.tau_m);
  const double speed = (std::max(std::abs(x_), drive) + drive) / p_.membrane.tau_m;
  return std::min({left, shortest, speed > 0 ? p_.delta_u / speed : left});
}

/// How long [ms] the hazard certainly stays below e^-100/tau_0: V rises at most as it relaxes towards what drives it up.
double EscapeTrace::time_out_of_reach() const {
  const double level = p_.membrane.x_th + kOutOfReach * p_.delta_u;
  const double push = std::max(current_[0], 0.0) + std::max(current_[1], 0.0);
  if (!(x_ < level)) return 0;
  if (push <= level) return std::numeric_limits<double>::infinity();
  return p_.membrane.tau_m * log((push - x_) / (push - level));
}

void EscapeTrace::integrate(double ms) {
  while (ms > 0) {
    if (hazard_exponent(x_) > kLargestExponent || !std::isfinite(x_)) {
      sums_.integral = since_spike_ = std::numeric_limits<double>::infinity();
      return pass(ms);
    }
    const double silent = std::min(ms, time_out_of_reach());
    const double h = std::max(silent, panel(ms));
    if (silent < h) add(moments(h));
    pass(h);
    ms = h < ms ? ms - h : 0;
  }
}

EscapeTrace::Moments EscapeTrace::moments(double ms) const {
  static const GaussRule kRule;
  Moments m;
  for (std::size_t n = 0; n < kRule.node.size(); ++n) {
    const double t = ms * kRule.node[n];
    const double decay = exp(-t / p_.membrane.tau_m);
    double x = x_ * decay;
    double response[2] = {0, 0};
    for (int s = 0; s < 2; ++s) {
      if (!has_[s] && current_[s] == 0) continue;
      response[s] = psp_kernel(t, p_.membrane.tau_m, tau_syn_[s]);
      x += current_[s] * response[s];
    }
    const double rho = ms * kRule.weight[n] / p_.tau_0 * exp(hazard_exponent(x));
    m.one += rho;
    m.decay += rho * decay;
    for (int s = 0; s < 2; ++s) m.response[s] += rho * response[s];
    if (!information_) continue;
    m.decay_decay += rho * decay * decay;
    for (int s = 0; s < 2; ++s) m.decay_response[s] += rho * decay * response[s];
    for (int s = 0; s < 2; ++s)
      for (int r = s; r < 2; ++r) m.response_response[s + r] += rho * response[s] * response[r];
  }
  return m;
}

void EscapeTrace::add(const Moments& m) {
  sums_.integral += m.one;
  since_spike_ += m.one;
  const std::size_t synapses = receptors_.size();
  for (std::size_t j = 0; j < synapses; ++j)
    sums_.gradient[j] -= (v_[j] * m.decay + i_[j] * m.response[place(receptors_[j])]) / p_.delta_u;
  if (!information_) return;
  for (std::size_t j = 0; j < synapses; ++j) {
    const std::size_t s = place(receptors_[j]);
    const double by_v = (v_[j] * m.decay_decay + i_[j] * m.decay_response[s]) / (p_.delta_u * p_.delta_u);
    double by_i[2];
    for (std::size_t r = 0; r < 2; ++r)
      by_i[r] =
          (v_[j] * m.decay_response[r] + i_[j] * m.response_response[s + r]) / (p_.delta_u * p_.delta_u);
    double* const row = sums_.information.data() + j * synapses;
    for (std::size_t k = 0; k < synapses; ++k) row[k] += by_v * v_[k] + by_i[place(receptors_[k])] * i_[k];
  }
}

void EscapeTrace::pass(double ms) {
  const double decay = exp(-ms / p_.membrane.tau_m);
  double response[2];
  for (int s = 0; s < 2; ++s) response[s] = psp_kernel(ms, p_.membrane.tau_m, tau_syn_[s]);
  x_ = x_ * decay + current_[0] * response[0] + current_[1] * response[1];
  for (std::size_t j = 0; j < v_.size(); ++j) v_[j] = v_[j] * decay + i_[j] * response[place(receptors_[j])];
  decay_currents(ms);
}

void EscapeTrace::decay_currents(double ms) {
  double factor[2];
  for (int s = 0; s < 2; ++s) current_[s] *= factor[s] = exp(-ms / tau_syn_[s]);
  for (std::size_t j = 0; j < i_.size(); ++j) i_[j] *= factor[place(receptors_[j])];
}

}  // namespace chronotope::models
