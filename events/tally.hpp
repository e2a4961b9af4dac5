// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "chronotope/core/time.hpp"
#include "chronotope/events/event.hpp"
#include "chronotope/events/exactness.hpp"

namespace chronotope::events {

/// A neuron whose state can not be followed further, and when.
struct Breakdown {
  Time time;
  std::uint32_t population = 0;
  std::uint32_t neuron = 0;
  std::string what;

  friend bool operator<(const Breakdown& a, const Breakdown& b) {
    return std::tie(a.time, a.population, a.neuron) < std::tie(b.time, b.population, b.neuron);
  }
};

/// What one thread did: its spikes in no order, and what it counted.
struct Tally {
  std::vector<Spike> spikes;
  std::optional<Breakdown> breakdown;  // the first
  EventCounts counts;
  Exactness exactness;
};

}  // namespace chronotope::events
