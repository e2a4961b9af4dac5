// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "chronotope/apps/python/spike_rows.hpp"
#include "chronotope/core/network.hpp"

namespace chronotope::apps {

/// A row of an array of synapses: populations, inputs and projections by number; the delay is that of the whole way to
/// the soma.
struct SynapseRow {
  double weight = 0;  // [pA or mV]
  double delay_ms = 0;
  std::uint32_t projection = 0;
  std::uint32_t source_population = 0;
  std::uint32_t source = 0;
  std::uint32_t target_population = 0;
  std::uint32_t target = 0;
  bool is_plastic = false;
};

/// Adds all synapses of projection k, in their order. Requires: the weights are settled.
inline void add_synapse_rows(std::uint32_t k, const SynapseGroup& projection, std::vector<SynapseRow>& rows) {
  const Connectivity& connectivity = projection.connectivity();
  rows.reserve(rows.size() + projection.synapse_count());
  for_each_synapse(connectivity, [&](SynapseId s, SegmentId g) {
    rows.push_back({projection.weight(s), nearest_ms(Time() + connectivity.delay(g)), k, projection.source(),
                    index(connectivity.source(g)), projection.target(), index(connectivity.target(s)),
                    projection.is_plastic()});
  });
}

}  // namespace chronotope::apps
