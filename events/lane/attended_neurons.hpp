// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "chronotope/events/lane/lane_neurons.hpp"

namespace chronotope::events {

/// An arrival put aside until its neuron is walked: of known weight, or (delivery != kNone) at a plastic synapse.
struct AsideArrival {
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

  Offset at;
  double weight = 0;
  std::uint64_t synapse = 0;
  std::uint32_t delivery = kNone;
  std::uint32_t receptor = 0;
  std::uint32_t next = kNone;  // of the same neuron
};

/// The neurons of a lane that are not cold in the current window, with the states they have there, and what was
/// put aside for them. Cost: O(1) each. Memory: 4 bytes per neuron of the lane.
template <NeuronModel M>
class AttendedNeurons {
 public:
  using State = typename M::State;

  struct Attended {
    std::uint32_t neuron;
    std::uint32_t first;  // of its arrivals, in time order
    std::uint32_t last;
    Offset from;    // where its walk starts
    bool followed;  // else hot
    bool crossed;   // the threshold before the window's begin, to which that rounds
    State state;
  };

  explicit AttendedNeurons(LaneNeurons<M>& neurons) : neurons_(neurons), place_of_(neurons.size(), kCold) {}

  std::size_t size() const { return attended_.size(); }
  Attended& operator[](std::size_t place) { return attended_[place]; }
  bool has(std::uint32_t i) const { return place_of_[i] != kCold; }
  /// Requires: has(i).
  std::size_t place(std::uint32_t i) const { return place_of_[i]; }
  Attended& of(std::uint32_t i) { return attended_[place_of_[i]]; }

  /// Neuron i is hot from a time on, and nothing reaches the state it left.
  Attended& attend(std::uint32_t i, Offset from) {
    State& state = neurons_.state(i);
    place_of_[i] = static_cast<std::uint32_t>(attended_.size());
    attended_.push_back({i, AsideArrival::kNone, AsideArrival::kNone, from, false, false, state});
    NeuronFace<M>::block(state);
    return attended_.back();
  }
  /// It is cold again, as it is now.
  void cool(const Attended& attended) {
    neurons_.state(attended.neuron) = attended.state;
    place_of_[attended.neuron] = kCold;
  }

  /// Requires: has(i), and no arrival of neuron i at a later time was put aside.
  void put_aside(std::uint32_t i, const AsideArrival& arrival) {
    Attended& attended = of(i);
    const auto place = static_cast<std::uint32_t>(arrivals_.size());
    (attended.first == AsideArrival::kNone ? attended.first : arrivals_[attended.last].next) = place;
    attended.last = place;
    arrivals_.push_back(arrival);
  }
  AsideArrival& arrival(std::uint32_t place) { return arrivals_[place]; }

  /// The window is over, all are cold.
  void clear() {
    attended_.clear();
    arrivals_.clear();
  }

 private:
  static constexpr std::uint32_t kCold = std::numeric_limits<std::uint32_t>::max();

  LaneNeurons<M>& neurons_;
  std::vector<std::uint32_t> place_of_;  // in attended_, or kCold
  std::vector<Attended> attended_;
  std::vector<AsideArrival> arrivals_;
};

}  // namespace chronotope::events
