// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "chronotope/core/time.hpp"
#include "chronotope/events/event.hpp"
#include "chronotope/events/tally.hpp"

namespace chronotope::events {

/// What a rank tells all others where they meet, between two spans of look-ahead.
struct RankMessage {
  Time next;           // when it has something to do next, but for what the spikes of all bring
  bool stops = false;  // it was asked to
  std::optional<Breakdown> breakdown;  // the first
  std::vector<Spike> spikes;           // of the span, numbered as in the whole network; 24 bytes each

  template <class Self, class Visit>
  static void state(Self& self, Visit visit) {
    visit(self.next, self.stops, self.breakdown, self.spikes);
  }
};

}  // namespace chronotope::events
