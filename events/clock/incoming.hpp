// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "chronotope/core/time.hpp"

namespace chronotope::events {

/// What arrives at the neurons of one population in one step of the clock: summed by receptor where it
/// arrives at the same point of the step, else as one list per neuron in order of time.
class Incoming {
 public:
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

  /// An arrival inside a step, of known weight, or (delivery != kNone) at a plastic synapse.
  struct Arrival {
    Offset at;  // from the step's begin
    double weight;
    std::uint64_t synapse;
    std::uint32_t delivery;
    std::uint32_t receptor;
    std::uint32_t next;  // of the same neuron
  };

  Incoming(std::uint32_t size, std::uint32_t receptors, bool by_sign, bool on_grid)
      : size_(size),
        by_sign_(by_sign),
        sums_(on_grid ? std::size_t{size} * receptors : 0),
        first_(on_grid ? 0 : size, kNone),
        last_(on_grid ? 0 : size, kNone) {}

  double* sums(std::uint32_t receptor) { return sums_.data() + std::size_t{size_} * receptor; }
  /// Where the sums of an arrival's receptor are.
  double* sums_for(double weight, std::uint32_t receptor) { return sums(receptor_for(weight, receptor)); }
  std::uint32_t receptor_for(double weight, std::uint32_t receptor) const {
    return by_sign_ ? (weight > 0 ? 0 : 1) : receptor;
  }

  /// Calls come in order of time.
  void append(std::uint32_t neuron, Arrival arrival) {
    const auto place = static_cast<std::uint32_t>(arrivals_.size());
    arrival.next = kNone;
    if (first_[neuron] == kNone) {
      first_[neuron] = place;
      touched_.push_back(neuron);
    } else {
      arrivals_[last_[neuron]].next = place;
    }
    last_[neuron] = place;
    arrivals_.push_back(arrival);
  }

  const std::vector<std::uint32_t>& touched() const { return touched_; }
  std::uint32_t first(std::uint32_t neuron) const { return first_[neuron]; }
  const Arrival& arrival(std::uint32_t place) const { return arrivals_[place]; }

  void clear() {
    for (const std::uint32_t neuron : touched_) first_[neuron] = kNone;
    touched_.clear();
    arrivals_.clear();
  }

 private:
  std::uint32_t size_;
  bool by_sign_;
  std::vector<double> sums_;
  std::vector<Arrival> arrivals_;
  std::vector<std::uint32_t> first_;
  std::vector<std::uint32_t> last_;
  std::vector<std::uint32_t> touched_;  // neurons with arrivals
};

}  // namespace chronotope::events
