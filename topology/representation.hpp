// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <vector>

#include "chronotope/topology/activations.hpp"
#include "chronotope/topology/layering.hpp"

namespace chronotope {

/// What a stream says about a network's representation: the five layers by its last snapshot's weights, and
/// their activations on the probe stimuli (on all stimuli when none is marked as a probe).
struct Representation {
  std::string name;  // of the stream
  Layering layering;
  std::array<Activations, kLayers> layers;
};

/// Reads a stream of `simulate` to its end. Neurons of all populations are numbered through in the header's
/// order; all project to the read-out. Memory: the probe's spikes, and 16 bytes per synapse. Errors:
/// InputError that names the stream when it is cut or damaged, or has no stimuli or no snapshot.
Representation read_representation(const std::string& path);

}  // namespace chronotope
