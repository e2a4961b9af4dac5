// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "chronotope/core/neuron_group.hpp"
#include "chronotope/events/clock/clock_options.hpp"
#include "chronotope/events/clock/incoming.hpp"
#include "chronotope/events/clock/vector_set.hpp"
#include "chronotope/events/event.hpp"

namespace chronotope::events {

/// The plastic synapses onto a population, as its neurons see them inside a step.
struct ClockAfferents {
  /// What an arrival of a delivery transmits.
  std::function<double(std::uint32_t delivery, SynapseId s, NeuronId target)> transmit;
  /// Tells them of a spike.
  std::function<void(NeuronId neuron, Time t)> fired;
};

/// The neurons of one population on a grid of time, as the clock-driven engine knows them, which does not
/// name their model.
class ClockPopulation {
 public:
  virtual ~ClockPopulation() = default;
  ClockPopulation(const ClockPopulation&) = delete;
  ClockPopulation& operator=(const ClockPopulation&) = delete;

  /// What arrives in the next step.
  Incoming& incoming() { return incoming_; }
  /// V of a neuron now [mV].
  virtual double potential(std::uint32_t neuron) const = 0;

  /// Where currents of the population have changed, its neurons have the constants from now on that take_currents() will
  /// make of these. V goes on from where it is.
  virtual void change_currents() = 0;

  /// One step on the grid; appends the neurons that fired, in order.
  virtual void step(std::vector<std::uint32_t>& fired) = 0;
  /// One step from `begin` with exact times inside it; appends its spikes.
  virtual void walk(Time begin, const ClockAfferents& afferents, std::vector<Spike>& spikes) = 0;

 protected:
  explicit ClockPopulation(Incoming incoming) : incoming_(std::move(incoming)) {}

  Incoming incoming_;
};

/// Moves `population`, the `number`-th of its network, which it does not change, on a clock.
using MakeClockPopulation = std::unique_ptr<ClockPopulation> (*)(const NeuronGroup& population,
                                                                 std::uint32_t number,
                                                                 const ClockOptions& options,
                                                                 VectorSet vectors);

/// How the clock-driven engine moves the neurons of a model.
struct ClockForm {
  std::string_view model;
  MakeClockPopulation make;
};

}  // namespace chronotope::events
