// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "chronotope/models/learning/trained_network.hpp"
#include "chronotope/proto/spec_codec.hpp"

namespace chronotope::apps {

/// A built network as learning sees it, and where its columns come from. Neurons are those of all populations
/// one after the other, channels those of all inputs.
struct TrainedWiring {
  struct Projection {
    std::string name;
    std::size_t first = 0;  // of its synapses
    std::size_t last = 0;
    bool plastic = false;  // under the specification's rule
  };

  models::TrainedNetwork network;
  std::vector<Projection> projections;
  std::vector<std::uint32_t> first_neuron;   // of every population, and one more
  std::vector<std::uint32_t> first_channel;  // of every input, and one more
  std::vector<bool> by_sign;                 // of every synapse: the sign of its weight chose the receptor
};

/// A number of every neuron, by population, and one of every synapse, by projection: as streams take them.
std::vector<std::vector<double>> by_population(const TrainedWiring& wiring,
                                               const std::vector<double>& neurons);
std::vector<std::vector<double>> by_projection(const TrainedWiring& wiring,
                                               const std::vector<double>& synapses);

/// Builds the network of a specification as simulate does: same draws, same synapses in the same order.
/// Throws FieldError for models and synapses that have no gradient form.
TrainedWiring build_wiring(const proto::DecodedSpec& spec);

/// The specification with these values instead of what it draws: every projection that is plastic or whose
/// weights differ from `start` becomes a list of static synapses, constants of neurons that differ become
/// values. Everything else is drawn as before.
NetworkSpec trained_spec(NetworkSpec message, const TrainedWiring& wiring,
                         const models::NetworkParameters& start, const models::NetworkParameters& values);

}  // namespace chronotope::apps
