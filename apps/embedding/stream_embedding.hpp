// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "chronotope/topology/representation/network_embedding.hpp"

namespace chronotope::apps {

/// The network of a stream's last snapshot, or of its first: synapses between neurons with weights and delays,
/// summed input weights, and the time constants that its specification draws (20 and 5 ms for a model without).
/// Errors: InputError that names a stream without a specification or a snapshot.
topology::EmbeddedNetwork embedded_network(const std::string& path, bool first);

}  // namespace chronotope::apps
