// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "chronotope/events/event.hpp"
#include "chronotope/events/lane.hpp"

namespace chronotope::events {

/// Where the lanes of a whole population are, by what the parts have of it, by rank: neurons and trains one rank after
/// the other.
Lane::Progress joined_progress(const std::vector<Lane::Progress>& parts);

/// What is on its way in the whole network, in order, a delivery's item being its source. A spike is on its way along a
/// row in several parts of it: what is left of the whole row begins with the first of their arrivals. An input's next
/// spike is told by one part.
std::vector<Event> joined_events(const std::vector<std::vector<Event>>& parts);

/// The order in which events are saved: a total one, of what waits with sources instead of segments, too.
void sort_waiting(std::vector<Event>& events);

}  // namespace chronotope::events
