// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/learning/grid_loss.hpp"

#include <algorithm>

#include "chronotope/core/exponential.hpp"

namespace chronotope::models {

double CountRegulariser::loss(double count) const {
  const double above = std::max(0.0, count - n_hi);
  const double below = std::max(0.0, n_lo - count);
  return c1 * above * above + c2 * below * below;
}

double CountRegulariser::derivative(double count) const {
  return 2 * c1 * std::max(0.0, count - n_hi) - 2 * c2 * std::max(0.0, n_lo - count);
}

double cross_entropy(std::span<const double> logits, std::uint32_t label, std::span<double> derivative) {
  const double largest = *std::max_element(logits.begin(), logits.end());
  double sum = 0;
  for (std::size_t k = 0; k < logits.size(); ++k) sum += derivative[k] = exp(logits[k] - largest);
  for (std::size_t k = 0; k < logits.size(); ++k) derivative[k] /= sum;
  derivative[label] -= 1;
  return log(sum) - (logits[label] - largest);
}

std::uint32_t first_largest(std::span<const double> values) {
  return static_cast<std::uint32_t>(std::max_element(values.begin(), values.end()) - values.begin());
}

}  // namespace chronotope::models
