// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "chronotope/models/learning/event_network.hpp"
#include "chronotope/models/learning/trained_network.hpp"

namespace chronotope::models {

/// A network as learning sees it, in the rows that are run from spike to spike. Every neuron has as many
/// receptors as the one with most. A leaky read-out's outputs follow the neurons: membranes of tau_m 20 ms
/// and tau_syn 5 ms in units of logits (R = 1), heard without delay.
struct EventGraph {
  EventNetwork network;
  std::vector<std::uint64_t>
      place;  // of every synapse, in the trained network; W_o [output][neuron] after them

  /// The graph alone, with as many outputs of a read-out.
  EventGraph(const TrainedNetwork& trained, std::uint32_t outputs);

  /// Takes over all parameters as they are now, times to the nearest tick.
  void take_values(const TrainedNetwork& trained);
};

/// The leaky read-out alone, heard by as many channels as `weight`, [output][channel], has columns.
EventNetwork read_out_network(std::span<const double> weight, std::uint32_t channels);

}  // namespace chronotope::models
