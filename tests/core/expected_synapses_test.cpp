// SPDX-License-Identifier: Apache-2.0
// Against the sum over all pairs of sites.
#include "chronotope/core/expected_synapses.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "chronotope/core/lattice.hpp"

namespace chronotope {
namespace {

NetworkDescription lattices(const LatticeSpec& source, const LatticeSpec& target, const DistanceSpec& rule) {
  NetworkDescription network;
  for (const LatticeSpec& lattice : {source, target}) {
    PopulationSpec population;
    population.size = static_cast<std::uint32_t>(lattice.sites());
    population.lattice = lattice;
    network.populations.push_back(population);
  }
  ProjectionSpec projection;
  projection.target = 1;
  projection.wiring = rule;
  network.projections.push_back(projection);
  return network;
}

double over_all_pairs(const LatticeSpec& source, const LatticeSpec& target, const DistanceSpec& rule) {
  double sum = 0;
  for (std::uint64_t i = 0; i < source.sites(); ++i)
    for (std::uint64_t j = 0; j < target.sites(); ++j) {
      const Torus torus = rule.periodic ? Torus{1.0 * source.x, 1.0 * source.y, 1.0 * source.z} : Torus{};
      const double squared =
          squared_distance(lattice_site(i, source.x, source.y), lattice_site(j, target.x, target.y), torus);
      sum += std::min(1.0, rule.kernel.at_squared(squared));
    }
  return sum;
}

TEST(ExpectedSynapses, OfDistanceAreTheSumOverPairs) {
  const LatticeSpec cube{4, 3, 5, "c"};
  const LatticeSpec plate{7, 2, 1, "p"};
  for (const DistanceSpec rule :
       {DistanceSpec{{0.3, 2}}, DistanceSpec{{1, 0.1}}, DistanceSpec{{5, 1.5}}, DistanceSpec{{0.2, 1e9}},
        DistanceSpec{{1e-3, 1e-100}}, DistanceSpec{{0, 2}}, DistanceSpec{{0.3, 2, KernelShape::kGaussian}},
        DistanceSpec{{3, 0.7, KernelShape::kExponential}}, DistanceSpec{{0.4, 2.5, KernelShape::kLinear}}})
    for (const auto& [a, b] : {std::pair(cube, cube), std::pair(cube, plate), std::pair(plate, cube)}) {
      const NetworkDescription network = lattices(a, b, rule);
      const double expected = over_all_pairs(a, b, rule);
      EXPECT_NEAR(expected_synapses(network, network.projections[0]), expected, 1e-12 * expected)
          << rule.kernel.C << " " << rule.kernel.lambda;
    }
}

TEST(ExpectedSynapses, OfPeriodicDistanceAreTheSumOverPairs) {
  for (const LatticeSpec& grid : {LatticeSpec{4, 3, 5, "c"}, LatticeSpec{9, 2, 1, "p"}})
    for (const double lambda : {0.3, 1.0, 2.5, 1e9}) {
      const DistanceSpec rule{{0.7, lambda, KernelShape::kExponential}, true};
      const NetworkDescription network = lattices(grid, grid, rule);
      const double expected = over_all_pairs(grid, grid, rule);
      EXPECT_NEAR(expected_synapses(network, network.projections[0]), expected, 1e-12 * expected) << lambda;
    }
}

TEST(ExpectedSynapses, OfGivenPositionsAreTheSumOverPairs) {
  const DistanceSpec rule{{0.7, 1.5, KernelShape::kGaussian}};
  const LatticeSpec plate{7, 2, 1, "p"};
  NetworkDescription network = lattices(plate, plate, rule);
  for (PopulationSpec& population : network.populations) {
    population.lattice.reset();
    population.placement.emplace();
    for (std::uint64_t i = 0; i < plate.sites(); ++i)
      population.placement->positions.push_back(lattice_site(i, plate.x, plate.y));
  }
  const double expected = over_all_pairs(plate, plate, rule);
  EXPECT_NEAR(expected_synapses(network, network.projections[0]), expected, 1e-12 * expected);
}

TEST(ExpectedSynapses, OfAFixedTotalAreTheTotal) {
  NetworkDescription network = lattices({2, 2, 1, "a"}, {3, 1, 1, "b"}, {});
  network.projections[0].wiring = FixedTotalSpec{299'000'000};
  EXPECT_EQ(expected_synapses(network, network.projections[0]), 299e6);
}

}  // namespace
}  // namespace chronotope
