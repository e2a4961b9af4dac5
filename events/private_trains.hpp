// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "chronotope/core/synapse_group.hpp"
#include "chronotope/core/time.hpp"
#include "chronotope/events/slots/slot_sums.hpp"
#include "chronotope/events/slots/slot_trains.hpp"
#include "chronotope/events/stimuli/poisson.hpp"

namespace chronotope::events {

/// What a projection brings from an input of which every train reaches one neuron alone: train i ends at neuron i
/// of the whole population.
/// It arrives in slots of its own, which are shifted against those in which it is emitted.
struct PrivateTrains {
  const SlotTrains* trains;
  Duration shift;  // of slots of arrival
  std::vector<double> weight;
  std::vector<SlotSums::Delay> delay;  // beyond the shift
  bool counts_emissions;               // one of an input's projections does
  std::uint32_t first_channel;         // whose train ends at neuron 0 of this part of the population
  double largest_exponent;             // of the whole population's neurons

  /// That holds t.
  std::int64_t slot(Time t) const { return trains->slot(t - shift); }
};

/// All private trains of a population, at rates that would crowd the queue: the lanes of their targets draw them
/// themselves. A slot is one of those inputs that have the longest; every other input's slots divide it.
struct PrivateInputs {
  Duration length;  // of a slot
  Duration shift;   // against multiples of the length: a delay that is common to the synapses of an input
  std::vector<PrivateTrains> inputs;
  Time begin;  // of the slot in which the first arrival may be
  Time end;    // of the slot in which the last one may be; never() when they go on for ever

  /// That holds t.
  std::int64_t slot(Time t) const { return floor_ratio(t - shift - Time(), length); }
  Time slot_begin(std::int64_t slot) const { return Time() + slot * length + shift; }
};

/// A projection whose synapses lead from each channel of an input to one neuron.
struct PrivateProjection {
  const Poisson* input;
  const SynapseGroup* onto;
  bool counts_emissions;
  std::uint32_t first_channel;
  double largest_exponent;
};

/// Whether trains may arrive by a projection without the queue: weights stay as they are, and channel i has one
/// synapse, onto neuron i. Of a part that has neurons from `first` on: to those of its own.
bool is_private(const SynapseGroup& onto, std::uint32_t first);

/// Those of one population, at least one. Requires: is_private() of each, and each input has slots.
PrivateInputs private_inputs(std::span<const PrivateProjection> projections, const Part& part);

}  // namespace chronotope::events
