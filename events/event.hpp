// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <tuple>

#include "chronotope/core/time.hpp"

namespace chronotope::events {

/// A spike of an input line, or one that was put into an input from outside, is expanded into deliveries; a delivery is
/// what arrives of one spike along one row in a window.
enum class EventKind : std::uint32_t { kEmission, kDelivery, kInjection };

/// An entry of the queue: a small value with a total order that does not depend on when it was pushed.
struct Event {
  Time time;  // of its first arrival
  EventKind kind{};
  std::uint32_t group = 0;  // input or projection, by kind
  std::uint64_t item = 0;   // line of the input, segment of the projection, or channel of the input
  Time emitted;             // when its spike was fired; not part of the order, which is already total

  friend std::strong_ordering operator<=>(const Event& a, const Event& b) {
    if (a.time != b.time) return a.time < b.time ? std::strong_ordering::less : std::strong_ordering::greater;
    return std::tie(a.kind, a.group, a.item) <=> std::tie(b.kind, b.group, b.item);
  }
  friend bool operator==(const Event& a, const Event& b) { return (a <=> b) == 0; }
};

static_assert(sizeof(Event) == 48);

/// The arrivals at a run of a row's segments, of one spike: at one segment, whose arrivals are simultaneous,
/// or at synapses that each have a delay of their own.
struct Delivery {
  Time time;  // of the first of them
  std::uint32_t projection = 0;
  std::uint32_t source = 0;
  std::uint64_t segment = 0;  // the first
  std::uint64_t end = 0;      // where they end
  Time emitted;               // follows from the others

  friend bool operator<(const Delivery& a, const Delivery& b) {
    if (a.time != b.time) return a.time < b.time;
    return std::tie(a.projection, a.segment) < std::tie(b.projection, b.segment);
  }
};

/// A spike of a neuron, in the order in which spikes are published.
struct Spike {
  Time time;
  std::uint32_t population = 0;
  std::uint32_t neuron = 0;

  friend bool operator<(const Spike& a, const Spike& b) {
    if (a.time != b.time) return a.time < b.time;
    return std::tie(a.population, a.neuron) < std::tie(b.population, b.neuron);
  }
};

}  // namespace chronotope::events
