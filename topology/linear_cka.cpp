// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/linear_cka.hpp"

#include <cassert>
#include <cmath>
#include <vector>

namespace chronotope {

namespace {

/// The columns, each less its mean.
std::vector<std::vector<double>> centred_columns(const PointCloud& cloud) {
  std::vector<std::vector<double>> columns(cloud.dimension());
  for (std::size_t c = 0; c < cloud.dimension(); ++c) {
    double sum = 0;
    for (std::size_t i = 0; i < cloud.size(); ++i) sum += cloud(i, c);
    const double mean = sum / static_cast<double>(cloud.size());
    for (std::size_t i = 0; i < cloud.size(); ++i) columns[c].push_back(cloud(i, c) - mean);
  }
  return columns;
}

/// |Y' X|^2.
double cross_square(const std::vector<std::vector<double>>& x, const std::vector<std::vector<double>>& y) {
  double total = 0;
  for (const auto& a : x)
    for (const auto& b : y) {
      double product = 0;
      for (std::size_t i = 0; i < a.size(); ++i) product += a[i] * b[i];
      total += product * product;
    }
  return total;
}

}  // namespace

double linear_cka(const PointCloud& x, const PointCloud& y) {
  assert(x.size() == y.size() && x.size() > 0);
  const auto a = centred_columns(x);
  const auto b = centred_columns(y);
  return cross_square(a, b) / (std::sqrt(cross_square(a, a)) * std::sqrt(cross_square(b, b)));
}

}  // namespace chronotope
