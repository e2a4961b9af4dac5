// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/expected_synapses.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <variant>
#include <vector>

namespace chronotope {
namespace {

/// Probabilities that two sites of a ring of n lie 0, 1, ... apart, up to `reach`.
std::vector<double> separations_on_ring(double n, double reach) {
  std::vector<double> share;
  for (double d = 0; d <= reach && 2 * d <= n; ++d) share.push_back((d == 0 || 2 * d == n ? 1 : 2) / n);
  return share;
}

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

/// The mean of a kernel's probability over pairs of sites.
double mean_probability(const LatticeSpec& source, const LatticeSpec& target, const DistanceSpec& rule) {
  const double reach = rule.kernel.reach();
  const auto apart = [&](double n, double m) {
    return rule.periodic ? separations_on_ring(n, reach) : separations(n, m, reach);
  };
  const auto x = apart(source.x, target.x);
  const auto y = apart(source.y, target.y);
  const auto z = apart(source.z, target.z);
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i)
    for (std::size_t j = 0; j < y.size(); ++j)
      for (std::size_t k = 0; k < z.size(); ++k) {
        const auto squared = static_cast<double>(i * i + j * j + k * k);
        sum += x[i] * y[j] * z[k] * std::min(1.0, rule.kernel.at_squared(squared));
      }
  return sum;
}

/// Where neuron i of a population stands that was placed, or one of the sites that it may stand on.
Position place(const PopulationSpec& population, std::uint32_t i) {
  return population.placement ? population.placement->positions[i]
                              : lattice_site(i, population.lattice->x, population.lattice->y);
}

/// The same over pairs of neurons, evenly spaced ones where there are many.
double mean_probability(const PopulationSpec& source, const PopulationSpec& target,
                        const DistanceSpec& rule) {
  constexpr std::uint32_t kMost = 2000;  // of each side
  const Torus torus = rule.periodic ? source.torus() : Torus{};
  const std::uint32_t step = 1 + source.size / kMost, stride = 1 + target.size / kMost;
  double sum = 0, pairs = 0;
  for (std::uint32_t i = 0; i < source.size; i += step)
    for (std::uint32_t j = 0; j < target.size; j += stride, ++pairs)
      sum +=
          std::min(1.0, rule.kernel.at_squared(squared_distance(place(source, i), place(target, j), torus)));
  return pairs > 0 ? sum / pairs : 0;
}

double expected_of(const PopulationSpec& source, const PopulationSpec& target, const DistanceSpec& rule) {
  if (rule.kernel.C == 0) return 0;
  const bool on_lattices = source.lattice && target.lattice;
  return static_cast<double>(source.size) * target.size *
         (on_lattices ? mean_probability(*source.lattice, *target.lattice, rule)
                      : mean_probability(source, target, rule));
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
        if constexpr (std::is_same_v<Wiring, SynapsePairsSpec>)
          return static_cast<double>(wiring.source.size());
        if constexpr (std::is_same_v<Wiring, DistanceSpec>)
          return expected_of(network.populations[projection.source], network.populations[projection.target],
                             wiring);
      },
      projection.wiring);
}

}  // namespace chronotope
