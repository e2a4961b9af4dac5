// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/divergence/linear_cka.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <vector>

#include "chronotope/topology/distances/binary_scale.hpp"

namespace chronotope::topology {

namespace {

bool is_constant(const PointCloud& cloud, std::size_t c) {
  for (std::size_t i = 1; i < cloud.size(); ++i)
    if (cloud(i, c) != cloud(0, c)) return false;
  return true;
}

/// The columns that are not constant, each less its mean, in a unit that makes the largest magnitude lie in
/// [1, 2): its fourth power neither overflows nor vanishes.
std::vector<std::vector<double>> centred_columns(const PointCloud& cloud) {
  const BinaryScale scale(cloud.values());
  std::vector<std::vector<double>> columns;
  double largest = 0;
  for (std::size_t c = 0; c < cloud.dimension(); ++c) {
    if (is_constant(cloud, c)) continue;
    double sum = 0;
    for (std::size_t i = 0; i < cloud.size(); ++i) sum += scale.down(cloud(i, c));
    const double mean = sum / static_cast<double>(cloud.size());
    std::vector<double>& column = columns.emplace_back();
    for (std::size_t i = 0; i < cloud.size(); ++i) column.push_back(scale.down(cloud(i, c)) - mean);
    largest = std::max(largest, BinaryScale::largest_magnitude(column));
  }
  const BinaryScale centred_scale(largest);
  for (std::vector<double>& column : columns)
    for (double& x : column) x = centred_scale.down(x);
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
  const double cka = cross_square(a, b) / (std::sqrt(cross_square(a, a)) * std::sqrt(cross_square(b, b)));
  return cka > 1 ? 1 : cka;  // 1 but for roundings
}

}  // namespace chronotope::topology
