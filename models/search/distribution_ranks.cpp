// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/search/distribution_ranks.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>

#include "chronotope/core/error_function.hpp"
#include "chronotope/core/exponential.hpp"

namespace chronotope::models {
namespace {

struct Node {
  double z;       // rank, as a standard normal value
  double weight;  // all of them sum to 1
};

/// The eigenvalues of the Jacobi matrix of Hermite's polynomials, and the squares of its eigenvectors' first
/// coordinates.
std::array<Node, kRanks> gauss_hermite() {
  constexpr auto kSize = static_cast<Eigen::Index>(kRanks);
  Eigen::MatrixXd jacobi = Eigen::MatrixXd::Zero(kSize, kSize);
  for (Eigen::Index k = 1; k < kSize; ++k)
    jacobi(k, k - 1) = jacobi(k - 1, k) = std::sqrt(static_cast<double>(k));
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(jacobi);
  std::array<Node, kRanks> nodes{};
  for (std::size_t k = 0; k < kRanks; ++k) {
    const auto i = static_cast<Eigen::Index>(k);
    const double first = solver.eigenvectors()(0, i);
    nodes[k] = {solver.eigenvalues()[i], first * first};
  }
  return nodes;
}

/// The value that a share of Phi(z) of the values lies below.
double empirical_quantile(std::vector<double> values, double z) {
  const double share = erfc(-z / std::sqrt(2.0)) / 2;
  const auto size = static_cast<double>(values.size());
  const auto place = static_cast<std::size_t>(std::min(share * size, size - 1));
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(place), values.end());
  return values[place];
}

double quantile(const ParameterDistribution& distribution, double z) {
  if (const auto* values = std::get_if<Values>(&distribution.kind()))
    return empirical_quantile(values->value, z);
  if (const auto constant = distribution.constant()) return *constant;
  return distribution.at_normal_rank(z);
}

}  // namespace

std::vector<double> distribution_ranks(const ParameterDistribution& distribution, RankScale scale) {
  constexpr double kLeast = 1e-300;
  static const std::array<Node, kRanks> kNodes = gauss_hermite();
  std::vector<double> place;
  for (const Node& node : kNodes) {
    const double value = quantile(distribution, node.z);
    place.push_back(std::sqrt(node.weight) *
                    (scale == RankScale::kPlain ? value : log(std::max(value, kLeast))));
  }
  return place;
}

}  // namespace chronotope::models
