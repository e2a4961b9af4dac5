// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "chronotope/apps/training/trained_wiring.hpp"
#include "chronotope/models/learning/gradient_method.hpp"

namespace chronotope::apps {

/// The neurons that a text names, "E:0-9,E:12,I": numbered through, in its order. Throws InputError for others than
/// the network has, and for one that is named twice.
std::vector<std::uint32_t> matched_neurons(const std::string& text, const NetworkDescription& network,
                                           const TrainedWiring& wiring);

/// Gives every item the trains that a stream or table (time_ms,population,neuron) holds of these neurons under its
/// stimulus, and the silence after it until the next one begins. Throws InputError when the file has none of a
/// population named, or not one spike of these neurons under any stimulus.
void add_targets(const std::string& file, const proto::DecodedSpec& spec, const TrainedWiring& wiring,
                 const std::vector<std::uint32_t>& neurons, std::vector<models::Item>& items);

}  // namespace chronotope::apps
