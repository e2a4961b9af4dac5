// SPDX-License-Identifier: Apache-2.0
#include "chronotope/tests/reference/stdp_reference.hpp"

#include <algorithm>

namespace chronotope::reference {
namespace {

/// amplitude s (distance / s)^mu
Real weight_dependent(double amplitude, const StdpParameters& p, const Real& distance, double mu) {
  const Real s = Real(p.w_max) - Real(p.w_min);
  if (mu == 0) return amplitude * s;
  if (distance == 0) return 0;
  return amplitude * s * pow(distance / s, Real(mu));
}

/// Sum over partners (all at or before t) of exp(-(t - partner) / tau).
Real sum_over_partners(const std::vector<Rational>& partners, const Rational& t, double tau) {
  Real sum = 0;
  for (const Rational& partner : partners) sum += exp(-to_real(t - partner) / Real(tau));
  return sum;
}

}  // namespace

Real potentiation(const StdpParameters& p, const Real& w) {
  return weight_dependent(p.A_plus, p, p.w_max - w, p.mu_plus);
}

Real depression(const StdpParameters& p, const Real& w) {
  return weight_dependent(p.A_minus, p, w - p.w_min, p.mu_minus);
}

Real clamped(const StdpParameters& p, const Real& w) { return std::clamp(w, Real(p.w_min), Real(p.w_max)); }

void StdpSynapse::decay(const Rational& t) {
  const Real elapsed = to_real(t - now_);
  if (x_ != 0) x_ *= exp(-elapsed / Real(parameters_.tau_plus));
  if (y_ != 0) y_ *= exp(-elapsed / Real(parameters_.tau_minus));
  now_ = t;
}

void StdpSynapse::arrival(const Rational& t) {
  decay(t);
  magnitude_ = clamped(parameters_, magnitude_ - depression(parameters_, magnitude_) * y_);
  x_ += 1;
}

void StdpSynapse::post_spike(const Rational& t) {
  decay(t);
  magnitude_ = clamped(parameters_, magnitude_ + potentiation(parameters_, magnitude_) * x_);
  y_ += 1;
}

Real all_pairs_weight(const StdpParameters& p, double magnitude, const std::vector<Rational>& arrivals,
                      const std::vector<Rational>& post_spikes) {
  Real w(magnitude);
  std::vector<Rational> arrived, fired;
  auto arrival = arrivals.begin();
  auto post = post_spikes.begin();
  while (arrival != arrivals.end() || post != post_spikes.end()) {
    const bool is_arrival = post == post_spikes.end() || (arrival != arrivals.end() && *arrival <= *post);
    if (is_arrival) {
      w = clamped(p, w - depression(p, w) * sum_over_partners(fired, *arrival, p.tau_minus));
      arrived.push_back(*arrival++);
    } else {
      w = clamped(p, w + potentiation(p, w) * sum_over_partners(arrived, *post, p.tau_plus));
      fired.push_back(*post++);
    }
  }
  return w;
}

std::vector<Rational> stated_times(const std::vector<double>& times) {
  std::vector<Rational> stated;
  for (const double t : times) stated.push_back(stated_time(t));
  return stated;
}

}  // namespace chronotope::reference
