// SPDX-License-Identifier: Apache-2.0
#include "chronotope/events/scenes/nonlinear_process.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "chronotope/core/distribution.hpp"
#include "chronotope/core/error_function.hpp"
#include "chronotope/core/exponential.hpp"

namespace chronotope::events {
namespace {

/// sum_j row_j cos(2 pi j k/n) for every k: the eigenvalues of the circulant matrix with that first row.
std::vector<double> spectrum(const std::vector<double>& row) {
  const std::size_t n = row.size();
  std::vector<double> cosine(n);
  for (std::size_t m = 0; m < n; ++m)
    cosine[m] = cos(2 * std::numbers::pi * static_cast<double>(m) / static_cast<double>(n));
  std::vector<double> all(n);
  for (std::size_t k = 0; k < n; ++k)
    for (std::size_t j = 0; j < n; ++j) all[k] += row[j] * cosine[j * k % n];
  return all;
}

/// The first row of a circulant matrix from its eigenvalues, which is their spectrum again.
std::vector<double> row_of(std::vector<double> eigenvalues) {
  const auto n = static_cast<double>(eigenvalues.size());
  for (double& value : eigenvalues) value /= n;
  return spectrum(eigenvalues);
}

/// The first row of the symmetric root of a matrix; negative eigenvalues count as 0.
std::vector<double> root_of(const std::vector<double>& row) {
  std::vector<double> eigenvalues = spectrum(row);
  for (double& value : eigenvalues) value = std::sqrt(std::max(value, 0.0));
  return row_of(std::move(eigenvalues));
}

/// A draw of N(0, R R), R circulant.
std::vector<double> coloured(const std::vector<double>& root, RandomStream& random) {
  const std::size_t n = root.size();
  std::vector<double> white(n);
  for (double& value : white) value = standard_normal(random);
  std::vector<double> all(n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) all[i] += root[i < j ? i + n - j : i - j] * white[j];
  return all;
}

/// C, made positive, with ones on the diagonal.
std::vector<double> correlations(std::size_t sites, double length) {
  std::vector<double> row(sites);
  for (std::size_t d = 0; d < sites; ++d) {
    const auto way = static_cast<double>(std::min(d, sites - d));
    row[d] = exp(-way * way / (length * length));
  }
  std::vector<double> eigenvalues = spectrum(row);
  for (double& value : eigenvalues) value = std::max(value, 0.0);
  row = row_of(std::move(eigenvalues));
  const double variance = row[0];
  for (double& value : row) value /= variance;
  return row;
}

}  // namespace

NonlinearProcess::NonlinearProcess(std::size_t sites, double length, double gain) : gain_(gain) {
  const std::vector<double> C = correlations(sites, length);
  const double share = gain * gain / (1 + gain * gain);
  const double square = 2 / std::numbers::pi * asin(share);
  deviation_ = std::sqrt(square);
  root_ = root_of(C);
  for (const double c : C)
    covariance_.push_back(2 / (std::numbers::pi * square) * asin(share * std::clamp(c, -1.0, 1.0)));
  control_root_ = root_of(covariance_);
}

std::vector<double> NonlinearProcess::draw(RandomStream& random) const {
  std::vector<double> all = coloured(root_, random);
  for (double& value : all) value = erf(gain_ * value / std::numbers::sqrt2) / deviation_;
  return all;
}

std::vector<double> NonlinearProcess::draw_control(RandomStream& random) const {
  return coloured(control_root_, random);
}

}  // namespace chronotope::events
