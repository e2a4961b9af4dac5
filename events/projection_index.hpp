// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "chronotope/core/synapse_group.hpp"

namespace chronotope::events {

/// Who leaves and who enters each end of a network's projections: populations, then inputs.
class ProjectionIndex {
 public:
  ProjectionIndex(std::span<const std::unique_ptr<SynapseGroup>> projections, std::size_t ends);

  /// The numbers of the projections that leave an end.
  std::span<const std::uint32_t> outgoing(std::uint32_t end) const { return ends_[end].outgoing; }
  /// Those of the plastic ones that enter a population.
  std::span<const std::uint32_t> plastic_onto(std::uint32_t population) const {
    return ends_[population].plastic_onto;
  }
  /// After how many of its spikes the synapses onto a population are settled: so what rules remember stays
  /// bounded at an amortised O(1) per spike, because as many spikes as there are synapses come first.
  std::uint64_t unsettled_limit(std::uint32_t population) const { return ends_[population].unsettled_limit; }
  /// The shortest delay of what leaves an end; forever() when no synapse does.
  Duration least_delay(std::uint32_t end) const { return ends_[end].least_delay; }
  /// The shortest way of its spikes to a synapse, which can lie before the soma.
  Duration until_synapse(std::uint32_t end) const { return ends_[end].until_synapse; }

  /// What leaves an end is delivered by other means.
  void clear_outgoing(std::uint32_t end) { ends_[end].outgoing.clear(); }

 private:
  struct End {
    std::vector<std::uint32_t> outgoing;
    std::vector<std::uint32_t> plastic_onto;
    std::uint64_t unsettled_limit = 0;
    Duration least_delay = Duration::forever();
    Duration until_synapse = Duration::forever();
  };

  std::vector<End> ends_;
};

/// What rules may remember of spikes and rewards before everything is settled, whatever the synapses are.
inline constexpr std::uint64_t kShortHistory = 4096;

/// Settles the synapses of a projection onto targets [first, last) to time t, before which everything has
/// been processed, and lets the rule forget what only they needed. `delay_of(g)` is the delay of a segment.
template <class DelayOf>
void settle(SynapseGroup& projection, std::uint32_t first, std::uint32_t last, Time t, DelayOf delay_of) {
  const std::uint64_t segments = projection.connectivity().segment_count();
  for (SegmentId g{0}; index(g) < segments; g = SegmentId{index(g) + 1})
    projection.settle(g, first, last, t, delay_of(g));
  projection.forget(first, last, t);
}

}  // namespace chronotope::events
