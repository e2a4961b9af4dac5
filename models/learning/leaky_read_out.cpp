// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/learning/leaky_read_out.hpp"

#include <algorithm>
#include <limits>

#include "chronotope/core/exponential.hpp"

namespace chronotope::models {

LeakyReadOut::LeakyReadOut(const LeakyConstants& constants, double dt, GridLoss::Kind kind,
                           std::uint32_t outputs)
    : kind_(kind),
      alpha_(exp(-dt / constants.tau_m)),
      rise_(-expm1(-dt / constants.tau_m)),
      rho_(exp(-dt / constants.tau_syn)),
      arrived_(outputs),
      J_(outputs),
      y_(outputs),
      logits_(outputs),
      largest_at_(outputs),
      by_logit_(outputs),
      e_(outputs),
      o_(outputs) {}

void LeakyReadOut::begin() {
  steps_ = 0;
  for (auto* column : {&arrived_, &J_, &y_}) std::fill(column->begin(), column->end(), 0);
  const double nothing = kind_ == GridLoss::Kind::kMax ? -std::numeric_limits<double>::infinity() : 0;
  std::fill(logits_.begin(), logits_.end(), nothing);
}

void LeakyReadOut::step() {
  ++steps_;
  for (std::size_t k = 0; k < y_.size(); ++k) {
    J_[k] = rho_ * J_[k] + arrived_[k];
    arrived_[k] = 0;
    y_[k] = alpha_ * y_[k] + rise_ * J_[k];
    if (kind_ == GridLoss::Kind::kMean) logits_[k] += y_[k];
    if (kind_ == GridLoss::Kind::kLast) logits_[k] = y_[k];
    if (kind_ == GridLoss::Kind::kMax && y_[k] > logits_[k]) {
      logits_[k] = y_[k];
      largest_at_[k] = steps_;
    }
  }
}

std::span<const double> LeakyReadOut::logits() {
  if (kind_ == GridLoss::Kind::kMean)
    for (double& z : logits_) z /= static_cast<double>(steps_);
  return logits_;
}

void LeakyReadOut::begin_back(std::span<const double> by_logit) {
  std::copy(by_logit.begin(), by_logit.end(), by_logit_.begin());
  std::fill(e_.begin(), e_.end(), 0);
  std::fill(o_.begin(), o_.end(), 0);
  now_ = steps_;
}

std::span<const double> LeakyReadOut::step_back() {
  for (std::size_t k = 0; k < e_.size(); ++k) {
    e_[k] = alpha_ * e_[k] + seed(k);
    o_[k] = rise_ * e_[k] + rho_ * o_[k];
  }
  --now_;
  return o_;
}

/// dL/dy_t.
double LeakyReadOut::seed(std::size_t output) const {
  switch (kind_) {
    case GridLoss::Kind::kMean:
      return by_logit_[output] / static_cast<double>(steps_);
    case GridLoss::Kind::kLast:
      return now_ == steps_ ? by_logit_[output] : 0;
    default:
      return now_ == largest_at_[output] ? by_logit_[output] : 0;
  }
}

}  // namespace chronotope::models
