// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/divergence/rank_correlation.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

namespace chronotope::topology {

namespace {

/// Position of every value in the sorted order; equal values share the mean of their positions.
std::vector<double> mid_ranks(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> ranks(values.size());
  for (std::size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    for (std::size_t k = begin; k < end; ++k) ranks[order[k]] = static_cast<double>(begin + end - 1) / 2;
  }
  return ranks;
}

double pearson(const std::vector<double>& x, const std::vector<double>& y) {
  const auto count = static_cast<double>(x.size());
  const double mean_x = std::accumulate(x.begin(), x.end(), 0.0) / count;
  const double mean_y = std::accumulate(y.begin(), y.end(), 0.0) / count;
  double xy = 0;
  double xx = 0;
  double yy = 0;
  for (std::size_t k = 0; k < x.size(); ++k) {
    xy += (x[k] - mean_x) * (y[k] - mean_y);
    xx += (x[k] - mean_x) * (x[k] - mean_x);
    yy += (y[k] - mean_y) * (y[k] - mean_y);
  }
  const double correlation = xy / std::sqrt(xx * yy);  // of equal ranks 1 to the last bit
  return std::isnan(correlation) ? correlation : std::clamp(correlation, -1.0, 1.0);
}

}  // namespace

double spearman(std::span<const double> x, std::span<const double> y) {
  assert(x.size() == y.size());
  return pearson(mid_ranks(x), mid_ranks(y));
}

double kendall_tau_b(std::span<const double> x, std::span<const double> y) {
  assert(x.size() == y.size());
  const auto sign = [](double a, double b) { return (a < b) - (b < a); };
  double concordance = 0;
  double untied_x = 0;
  double untied_y = 0;
  for (std::size_t a = 0; a < x.size(); ++a)
    for (std::size_t b = a + 1; b < x.size(); ++b) {
      concordance += sign(x[a], x[b]) * sign(y[a], y[b]);
      untied_x += x[a] != x[b];
      untied_y += y[a] != y[b];
    }
  return concordance / std::sqrt(untied_x * untied_y);
}

}  // namespace chronotope::topology
