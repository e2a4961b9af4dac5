// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/divergence/resampling.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <vector>

namespace chronotope::topology {

namespace {

double quantile(const std::vector<double>& sorted, double q) {
  const double h = q * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(std::floor(h));
  const double rest = h - std::floor(h);
  return rest > 0 ? sorted[below] + rest * (sorted[below + 1] - sorted[below]) : sorted[below];
}

}  // namespace

Interval central_interval(std::span<const double> values, double level) {
  assert(!values.empty());
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  return {quantile(sorted, (1 - level) / 2), quantile(sorted, (1 + level) / 2)};
}

Interval bootstrap_interval(std::span<const double> values, double level, std::size_t resamples,
                            NumpyRandom& random, const Checkpoint& check) {
  std::vector<double> means;
  for (std::size_t r = 0; r < resamples; ++r) {
    check();
    double sum = 0;
    for (std::size_t k = 0; k < values.size(); ++k)
      sum += values[random.up_to(static_cast<std::uint32_t>(values.size() - 1))];
    means.push_back(sum / static_cast<double>(values.size()));
  }
  return central_interval(means, level);
}

}  // namespace chronotope::topology
