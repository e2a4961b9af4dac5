// SPDX-License-Identifier: Apache-2.0
#include "chronotope/events/projection_index.hpp"

#include <algorithm>

namespace chronotope::events {

ProjectionIndex::ProjectionIndex(std::span<const std::unique_ptr<SynapseGroup>> projections, std::size_t ends)
    : ends_(ends) {
  for (std::uint32_t k = 0; k < projections.size(); ++k) {
    const SynapseGroup& projection = *projections[k];
    End& source = ends_[projection.source()];
    source.outgoing.push_back(k);
    const Duration delay = projection.whole().least_delay;
    source.least_delay = std::min(source.least_delay, delay);
    source.until_synapse =
        std::min(source.until_synapse, std::max(Duration(), delay - projection.longest_dendritic_delay()));
    if (!projection.is_plastic()) continue;
    End& target = ends_[projection.target()];
    target.plastic_onto.push_back(k);
    target.unsettled_limit += std::max(projection.synapse_count(), kShortHistory);
  }
}

}  // namespace chronotope::events
