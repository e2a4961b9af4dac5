// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>

#include "chronotope/core/time.hpp"

namespace chronotope::events {

/// What happens first at one instant: arrivals, then threshold checks. (A spike of an input only sends.)
enum class EventKind : std::uint32_t { kEmission, kDelivery, kWakeUp };

/// An entry of the queue: a small value with a total order that does not depend on when it was pushed.
struct Event {
  Time time;
  EventKind kind{};
  std::uint32_t group = 0;  // input, projection or population, by kind
  std::uint64_t item = 0;   // line of the input, segment of the projection or neuron of the population
  Time emitted;  // of a delivery: when its spike was fired; not part of the order, which is already total

  friend std::strong_ordering operator<=>(const Event& a, const Event& b) {
    if (a.time != b.time) return a.time < b.time ? std::strong_ordering::less : std::strong_ordering::greater;
    if (const auto order = a.kind <=> b.kind; order != 0) return order;
    if (const auto order = a.group <=> b.group; order != 0) return order;
    return a.item <=> b.item;
  }
  friend bool operator==(const Event& a, const Event& b) { return (a <=> b) == 0; }
};

static_assert(sizeof(Event) == 48);

}  // namespace chronotope::events
