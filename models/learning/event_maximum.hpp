// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chronotope/models/learning/event_network.hpp"
#include "chronotope/models/learning/event_record.hpp"

namespace chronotope::models {

/// Finds the highest V of a neuron that never fired, the first one of equals, and marks it in its record with
/// a kMaximum event; returns V there [mV].
///
/// V peaks between events, where V' = 0, or at an arrival where V' turns from positive to negative: the mark
/// then stands before that arrival and names its synapse and spike, since the maximum moves along with it.
/// Peaks between events are found by certified bounds: -V' obeys the membrane's own equation under currents
/// of the other sign, so a peak is its first crossing of 0.
///
/// Requires: no mark yet. Cost: a few exponentials per interval that may hold the maximum.
double mark_maximum(const EventNetwork& network, std::uint32_t neuron, EventRecord& record);

}  // namespace chronotope::models
