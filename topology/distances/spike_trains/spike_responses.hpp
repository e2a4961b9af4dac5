// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "chronotope/topology/distances/spike_trains/spike_train.hpp"

namespace chronotope::topology {

/// What several neurons answered to n objects (stimuli): one spike train per object and neuron, in ms from
/// the object's onset, all observed for [0, window].
///
/// Invariants: every train ascends and lies in [0, window]. Memory: 8 bytes a spike, 8 a train.
class SpikeResponses {
 public:
  /// Requires: neurons >= 1. Throws InputError when the window is not a positive finite number.
  SpikeResponses(std::size_t neurons, double window_ms);

  /// Appends an object; trains[c] is the answer of neuron c. Requires: trains.size() == neurons().
  /// Throws InputError that names object, neuron (from 0) and time of the first spike that breaks an
  /// invariant.
  void add(std::span<const std::vector<double>> trains);

  std::size_t size() const { return (first_.size() - 1) / neurons_; }
  std::size_t neurons() const { return neurons_; }
  Observation observation() const { return {0, window_}; }
  SpikeTrain train(std::size_t object, std::size_t neuron) const {
    const std::size_t t = object * neurons_ + neuron;
    return {times_.data() + first_[t], first_[t + 1] - first_[t]};
  }

  /// The same objects as answered by one neuron that fires all the spikes of all of these.
  SpikeResponses pooled() const;

 private:
  void append(SpikeTrain train);

  std::size_t neurons_;
  double window_;
  std::vector<std::size_t> first_ = {0};  // into times_, per train, and the end
  std::vector<double> times_;
};

/// The objects `rows`, in that order.
SpikeResponses restricted(const SpikeResponses& responses, std::span<const std::size_t> rows);

}  // namespace chronotope::topology
