// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "chronotope/core/checkpoint.hpp"
#include "chronotope/core/connectivity.hpp"
#include "chronotope/core/distance_kernel.hpp"
#include "chronotope/core/lattice.hpp"
#include "chronotope/core/part.hpp"
#include "chronotope/core/random_stream.hpp"
#include "chronotope/core/torus.hpp"

namespace chronotope {

/// What every wiring rule needs to know. Draws are keyed by (seed, purpose, source), or target for
/// in-degrees. Of a part only the synapses onto its own targets are kept, whose rows number them from the first of
/// these: rules that draw by the target draw theirs alone, rules that draw by the source all of every row.
struct WiringContext {
  std::uint32_t sources = 0;
  std::uint32_t targets = 0;
  std::optional<NeuronRange> part{};  // of the targets; else all
  bool recurrent = false;             // source and target are one population, so equal indices are autapses
  bool autapses = true;
  bool multapses = true;
  bool symmetric = false;  // a pair i <= j is decided in the row of i, for both directions; needs recurrent
  std::uint64_t seed = 0;
  Purpose purpose{""};
  Checkpoint checkpoint = [] {};  // called at every row

  NeuronRange own() const { return part.value_or(NeuronRange{0, targets}); }
  bool excluded(std::uint32_t source, std::uint32_t target) const {
    return recurrent && !autapses && source == target;
  }
};

Adjacency all_to_all(const WiringContext& context);

/// Neuron i to neuron i. Requires: equal sizes.
Adjacency one_to_one(const WiringContext& context);

/// Each ordered pair with probability p, by geometric jumps along each row: O(synapses). With
/// `target_fraction` only round(fraction * targets) targets, chosen uniformly, take part; not when symmetric.
Adjacency pairwise_bernoulli(const WiringContext& context, double p, std::optional<double> target_fraction);

/// Every source draws `outdegree` targets uniformly; without multapses all different.
/// Throws InputError when there are not that many.
Adjacency fixed_outdegree(const WiringContext& context, std::uint32_t outdegree);

/// Every target draws `indegree` sources uniformly; without multapses all different.
Adjacency fixed_indegree(const WiringContext& context, std::uint32_t indegree);

/// `total` synapses, each between a pair drawn uniformly and with repetition out of those allowed (NEST's
/// fixed_total_number). A multinomial draw shares them out to the targets, then every target draws its
/// sources: what one target gets depends on the log2(targets) draws of draw_multinomial() above it and on its
/// own stream. Throws InputError when a synapse is asked for and no pair is allowed.
Adjacency fixed_total(const WiringContext& context, std::uint64_t total);

/// Each ordered pair with the kernel's probability at the distance of its ends, the short way around the
/// torus: O(sources * targets).
Adjacency distance_dependent(const WiringContext& context, const DistanceKernel& kernel, const Torus& torus,
                             std::span<const Position> sources, std::span<const Position> targets);

/// The first `count` of a random permutation of 0 .. n-1. Requires: count <= n.
std::vector<std::uint32_t> random_subset(std::uint32_t n, std::uint32_t count, RandomStream stream);

}  // namespace chronotope
