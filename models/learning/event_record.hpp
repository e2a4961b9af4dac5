// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "chronotope/core/time.hpp"
#include "chronotope/models/learning/event_network.hpp"

namespace chronotope::models {

enum class NeuronEventKind : std::uint8_t {
  kStart,    // of the run
  kArrival,  // of a spike at a synapse
  kSpike,
  kRelease,  // end of the refractory period
  kMaximum,  // the highest V of a read-out
  kEnd       // of the run
};

/// Something that happened to one neuron.
struct NeuronEvent {
  static constexpr std::uint32_t kNone = 0xffffffff;

  Offset time{};
  std::uint64_t synapse = 0;    // of an arrival, and of the arrival at which V is highest
  std::uint32_t spike = kNone;  // the spike that arrived, or the neuron's own
  NeuronEventKind kind = NeuronEventKind::kStart;
  bool is_refractory = false;  // after the event
};

/// The course of one neuron from event to event.
///
/// Invariants: events are in order of time; at one instant a release comes before arrivals, these before a
/// spike. The first is kStart, the last kEnd. For every event `values` holds what follows it and what led
/// there: V and the currents after the event, then a, the rho and the phi of the interval that ends with it
/// (propagator.hpp), 2 + 3 receptors numbers in all; it may be longer.
struct NeuronRecord {
  std::uint32_t receptors = 0;
  std::vector<NeuronEvent> events;
  std::vector<double> values;
  std::vector<std::uint32_t> spikes;        // numbers of its own, in order
  std::vector<std::uint32_t> spike_events;  // which of its events they are

  std::size_t stride() const { return 2 + 3 * std::size_t{receptors}; }
  double V(std::size_t event) const { return values[event * stride()]; }
  const double* currents(std::size_t event) const { return &values[event * stride() + 1]; }
  double a(std::size_t event) const { return values[event * stride() + 1 + receptors]; }
  const double* rho(std::size_t event) const { return &values[event * stride() + 2 + receptors]; }
  const double* phi(std::size_t event) const { return rho(event) + receptors; }
  double current(std::size_t event) const {
    double sum = 0;
    for (std::uint32_t s = 0; s < receptors; ++s) sum += currents(event)[s];
    return sum;
  }
};

/// A spike of a neuron or of an input channel.
struct RecordedSpike {
  Offset time{};
  std::uint32_t source = 0;  // channels first, then neurons
};

/// A run over [0, end): every spike, and every neuron's course. Spikes are numbered, those of the inputs
/// first. Memory: 24 bytes and 16 + 24 receptors bytes per event, 16 per spike; kept for the next run.
struct EventRecord {
  Offset end{};
  std::uint32_t inputs = 0;  // spikes of inputs
  std::vector<RecordedSpike> spikes;
  std::vector<NeuronRecord> neurons;
};

}  // namespace chronotope::models
