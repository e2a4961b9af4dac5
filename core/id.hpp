// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
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

/// The ids [begin, end), to go through in order.
template <class Id>
class IdRange {
 public:
  class Iterator {
   public:
    explicit constexpr Iterator(Id id) : id_(id) {}
    constexpr Id operator*() const { return id_; }
    constexpr Iterator& operator++() {
      id_ = Id{index(id_) + 1};
      return *this;
    }
    friend constexpr bool operator==(const Iterator&, const Iterator&) = default;

   private:
    Id id_;
  };

  constexpr IdRange(Id begin, Id end) : begin_(begin), end_(end) {}

  constexpr Iterator begin() const { return Iterator(begin_); }
  constexpr Iterator end() const { return Iterator(end_); }
  constexpr std::size_t size() const { return index(end_) - index(begin_); }
  constexpr bool empty() const { return begin_ == end_; }
  /// Requires: not empty.
  constexpr Id front() const { return begin_; }

 private:
  Id begin_;
  Id end_;
};

}  // namespace chronotope
