// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chronotope/core/network_description.hpp"

namespace chronotope {

/// How many synapses a projection's rule wires: the number that it fixes, or the mean over its draws.
/// Autapses that it leaves out are counted. For `distance` it is the mean over pairs of sites of the lattice,
/// exact for populations that fill theirs; cost: one exponential for every displacement on the lattice within
/// reach. Where positions were given it is the mean over pairs of neurons, some 2,000 of each side at most.
double expected_synapses(const NetworkDescription& network, const ProjectionSpec& projection);

}  // namespace chronotope
