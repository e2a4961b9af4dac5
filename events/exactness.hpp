// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

namespace chronotope::events {

/// The certificate of a run: how every threshold crossing was found. No spike is lost or invented because all
/// bounds are lower bounds of the first crossing.
struct Exactness {
  std::uint64_t bounds_evaluated = 0;
  std::uint64_t roots_polished =
      0;  // spikes that crossed the threshold smoothly, not by the jump of an arrival
  double largest_residual_mV = 0;  // |V - V_th| at those

  void record_root(double residual) {
    ++roots_polished;
    largest_residual_mV = std::max(largest_residual_mV, residual);
  }
  Exactness& operator+=(const Exactness& other) {
    bounds_evaluated += other.bounds_evaluated;
    roots_polished += other.roots_polished;
    largest_residual_mV = std::max(largest_residual_mV, other.largest_residual_mV);
    return *this;
  }
};

/// What happened in a run, by kind.
struct EventCounts {
  std::uint64_t emissions = 0;        // spikes of inputs
  std::uint64_t deliveries = 0;       // row segments swept
  std::uint64_t wake_ups = 0;         // threshold checks
  std::uint64_t superseded = 0;       // wake-ups that an earlier one had replaced
  std::uint64_t synaptic_events = 0;  // arrivals at single synapses
  std::uint64_t spikes = 0;           // of neurons

  EventCounts& operator+=(const EventCounts& other) {
    emissions += other.emissions;
    deliveries += other.deliveries;
    wake_ups += other.wake_ups;
    superseded += other.superseded;
    synaptic_events += other.synaptic_events;
    spikes += other.spikes;
    return *this;
  }

  /// What does not depend on who was looked at when.
  template <class Self, class Visit>
  static void state(Self& self, Visit visit) {
    visit(self.emissions, self.synaptic_events, self.spikes);
  }
};

}  // namespace chronotope::events
