// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "chronotope/core/synapse_group.hpp"
#include "chronotope/events/event.hpp"

namespace chronotope::events {

/// The synapses onto one population in a window, as its neurons see them that are moved one by one.
class Afferents {
 public:
  /// `plastic` are the numbers of its plastic projections, `deliveries` the window's.
  Afferents(std::span<const std::unique_ptr<SynapseGroup>> projections,
            std::span<const std::uint32_t> plastic, std::span<const Delivery> deliveries)
      : projections_(projections), plastic_(plastic), deliveries_(deliveries) {}

  /// What an arrival of a delivery transmits.
  double transmit(std::uint32_t delivery, SynapseId s, NeuronId target) const {
    const Delivery& d = deliveries_[delivery];
    SynapseGroup& projection = *projections_[d.projection];
    return projection.arrive(s, target, NeuronId{d.source}, d.emitted, delay(d, s));
  }
  std::span<const Delivery> deliveries() const { return deliveries_; }
  SynapseGroup& projection(const Delivery& d) const { return *projections_[d.projection]; }
  /// Of a synapse that a delivery reaches.
  Duration delay(const Delivery& d, SynapseId s) const {
    const Connectivity& connectivity = projections_[d.projection]->connectivity();
    return connectivity.delay(connectivity.has_own_delays() ? SegmentId{index(s)} : SegmentId{d.segment});
  }
  /// A neuron may soon fire.
  void expect(NeuronId n) const {
    for (const std::uint32_t k : plastic_) projections_[k]->prefetch_target(n);
  }
  /// Tells the plastic synapses of a spike.
  void fired(NeuronId n, Time t) const {
    for (const std::uint32_t k : plastic_) {
      projections_[k]->fired(n, t);
      if (auto& scaling = projections_[k]->scaling()) scaling->fired(n);
    }
  }

 private:
  std::span<const std::unique_ptr<SynapseGroup>> projections_;
  std::span<const std::uint32_t> plastic_;
  std::span<const Delivery> deliveries_;
};

}  // namespace chronotope::events
