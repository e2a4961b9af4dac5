// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "chronotope/apps/statistics/population_trains.hpp"
#include "chronotope/models/learning/escape_network.hpp"
#include "chronotope/proto/spec_codec.hpp"

namespace chronotope::apps {

/// The neurons of a network that have a likelihood, those of escape_noise_lif, and where they come from.
/// Sources are the neurons of all populations, then the channels of all inputs.
struct EscapeWiring {
  struct Place {
    std::uint32_t neuron;   // of `neurons`
    std::uint32_t synapse;  // of its synapses
  };

  std::vector<models::EscapeNeuron> neurons;  // population after population
  std::vector<std::uint32_t> population;      // of every neuron
  std::vector<std::uint32_t> first_source;    // of every population and input, and one more
  std::vector<std::vector<Place>> synapses;   // of every projection, in its order; empty without a likelihood

  std::uint32_t number_of(std::uint32_t neuron) const {
    return neurons[neuron].source - first_source[population[neuron]];
  }
};

/// Builds the network of a specification as simulate does, with the weights that it starts with. Throws
/// FieldError when no population is of escape_noise_lif, or for short-term plasticity onto one.
EscapeWiring build_escape_wiring(const proto::DecodedSpec& spec);

/// The trains of all sources before `end`: those of the file, and of inputs that the file has no spikes of
/// those that the specification draws. Populations that are `hidden` have none. Throws InputError that names
/// the file for a population that is missing, one that the network does not have, a neuron beyond its
/// population, and two spikes of one neuron closer than t_ref.
models::EscapeTrains source_trains(const std::string& file, const RecordedActivity& activity,
                                   const proto::DecodedSpec& spec, const EscapeWiring& wiring,
                                   const std::vector<bool>& hidden, Time end);

/// The specification with the weights of the wiring: projections onto escape_noise_lif become lists of static
/// synapses.
NetworkSpec with_weights(NetworkSpec message, const EscapeWiring& wiring);

}  // namespace chronotope::apps
