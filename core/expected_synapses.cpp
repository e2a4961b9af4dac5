// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/expected_synapses.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <variant>
#include <vector>

#include "chronotope/core/exponential.hpp"

namespace chronotope {
namespace {

/// Probabilities that a site of a line of n and one of a line of m lie 0, 1, ... apart, up to `reach`.
std::vector<double> separations(double n, double m, double reach) {
  std::vector<double> share;
  for (double d = 0; d <= reach && d < std::max(n, m); ++d) {
    const double right = std::max(0.0, std::min(n, m - d));
    const double left = std::max(0.0, std::min(m, n - d));
    share.push_back((right + (d > 0 ? left : 0)) / (n * m));
  }
  return share;
}

/// The mean of min(1, C exp(-(D/lambda)^2)) over pairs of sites.
double mean_probability(const LatticeSpec& source, const LatticeSpec& target, const DistanceSpec& rule) {
  constexpr double kNegligible = 40;  // e^-40 of the probability at no distance
  const double reach = rule.lambda * std::sqrt(kNegligible + std::max(0.0, std::log(rule.C)));
  const auto x = separations(source.x, target.x, reach);
  const auto y = separations(source.y, target.y, reach);
  const auto z = separations(source.z, target.z, reach);
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i)
    for (std::size_t j = 0; j < y.size(); ++j)
      for (std::size_t k = 0; k < z.size(); ++k) {
        const auto squared = static_cast<double>(i * i + j * j + k * k);
        sum += x[i] * y[j] * z[k] * std::min(1.0, rule.C * exp(-squared / rule.lambda / rule.lambda));
      }
  return sum;
}

}  // namespace

double expected_synapses(const NetworkDescription& network, const ProjectionSpec& projection) {
  const double sources = network.size_of(projection.source);
  const double targets = network.size_of(projection.target);
  return std::visit(
      [&]<class Wiring>(const Wiring& wiring) -> double {
        if constexpr (std::is_same_v<Wiring, AllToAllSpec>) return sources * targets;
        if constexpr (std::is_same_v<Wiring, OneToOneSpec>) return sources;
        if constexpr (std::is_same_v<Wiring, PairwiseBernoulliSpec>)
          return wiring.p * wiring.target_fraction.value_or(1) * sources * targets;
        if constexpr (std::is_same_v<Wiring, FixedIndegreeSpec>) return wiring.indegree * targets;
        if constexpr (std::is_same_v<Wiring, FixedOutdegreeSpec>) return wiring.outdegree * sources;
        if constexpr (std::is_same_v<Wiring, FixedTotalSpec>) return static_cast<double>(wiring.total);
        if constexpr (std::is_same_v<Wiring, SynapseListSpec>)
          return static_cast<double>(wiring.synapses.size());
        if constexpr (std::is_same_v<Wiring, DistanceSpec>)
          return wiring.C == 0
                     ? 0
                     : sources * targets *
                           mean_probability(*network.populations[projection.source].lattice,
                                            *network.populations[projection.target].lattice, wiring);
      },
      projection.wiring);
}

}  // namespace chronotope
