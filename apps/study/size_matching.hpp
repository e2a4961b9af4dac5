// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "chronotope/topology/representation/activations.hpp"

namespace chronotope::apps {

/// A layer with only `size` of its neurons, drawn uniformly without replacement: RTD depends on the number of
/// neurons, so layers of different sizes are compared on samples of the smaller one's. The sample depends on
/// (seed, draw), the layer and its numbers of neurons only: two networks with the same neurons in a layer
/// keep the same ones. Bins and spike trains go with their neurons.
/// Requires: size <= the layer's neurons. O(stimuli * columns).
topology::Activations size_matched(const topology::Activations& layer, std::size_t size, std::uint64_t seed,
                                   std::uint64_t draw);

}  // namespace chronotope::apps
