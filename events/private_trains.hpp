// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "chronotope/core/time.hpp"
#include "chronotope/events/slots/slot_sums.hpp"
#include "chronotope/events/slots/slot_trains.hpp"

namespace chronotope::events {

/// Trains of which each reaches one neuron alone, at rates that would crowd the queue: the lane of their
/// targets draws them itself. Train i ends at neuron i. They arrive in slots of their own, which a delay that is
/// common to all shifts against those in which they are emitted.
struct PrivateTrains {
  const SlotTrains* trains;
  Duration shift;  // of slots of arrival
  std::vector<double> weight;
  std::vector<SlotSums::Delay> delay;  // beyond that
  Time begin;                          // of the slot in which the first arrival may be
  Time end;  // of the slot in which the last one may be; never() when they go on for ever

  /// That holds t.
  std::int64_t slot(Time t) const { return trains->slot(t - shift); }
  Time slot_begin(std::int64_t slot) const { return trains->begin(slot) + shift; }
};

}  // namespace chronotope::events
