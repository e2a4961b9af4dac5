// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <type_traits>

namespace chronotope {

// Distinct integer types: a NeuronId never converts to a SynapseId or to an int by accident.

/// A neuron inside its population.
enum class NeuronId : std::uint32_t {};
/// A synapse inside its projection: the edge index of the projection's graph.
enum class SynapseId : std::uint64_t {};
/// A run of synapses of one projection with one source and one delay.
enum class SegmentId : std::uint64_t {};

/// The bare number behind an id.
template <class Id>
constexpr auto index(Id id) {
  static_assert(std::is_enum_v<Id>);
  return static_cast<std::underlying_type_t<Id>>(id);
}

}  // namespace chronotope
