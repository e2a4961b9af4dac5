// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/statistics/interval_variation.hpp"

#include <cmath>

namespace chronotope::apps {

std::optional<double> interval_variation(std::span<const Time> train) {
  if (train.size() < 3) return std::nullopt;
  const auto intervals = static_cast<double>(train.size() - 1);
  const double mean = (train.back() - train.front()).ms() / intervals;
  if (mean == 0) return std::nullopt;
  double squares = 0;
  for (std::size_t k = 1; k < train.size(); ++k) {
    const double deviation = (train[k] - train[k - 1]).ms() - mean;
    squares += deviation * deviation;
  }
  return std::sqrt(squares / intervals) / mean;
}

}  // namespace chronotope::apps
