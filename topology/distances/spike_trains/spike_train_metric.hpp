// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "chronotope/topology/distances/distance_matrix.hpp"
#include "chronotope/topology/distances/spike_trains/spike_responses.hpp"

namespace chronotope::topology {

/// A distance between what a population answered to two objects, from exact spike times. Over the neurons
///   van-rossum        sqrt(sum of D^2): the Euclidean distance of the filtered trains of all neurons
///   victor-purpura    sum: every spike keeps its neuron
///   isi, spike        mean: in [0, 1], as the distance of two trains
/// With `pooled`, the spikes of all neurons count as those of one, and who fired does not matter.
struct SpikeTrainMetric {
  enum class Kind { kVanRossum, kVictorPurpura, kIsi, kSpike };

  Kind kind = Kind::kVanRossum;
  double tau = 10;  ///< of van Rossum [ms]
  double q = 0.1;   ///< of Victor-Purpura [1/ms]
  bool pooled = false;
};

std::string to_string(SpikeTrainMetric::Kind kind);
/// Throws InputError that lists the names for any other.
SpikeTrainMetric::Kind spike_train_metric_of(const std::string& name);

/// Distances between objects; equal answers are at exactly 0 (isi: answers of equal intervals). The rows are
/// computed on `threads` threads (0: one per core), which changes no bit. Throws InputError when tau is not a
/// positive or q not a non-negative finite number. O(n^2) pairs of answers, see the functions for each.
DistanceMatrix distances(const SpikeResponses& responses, const SpikeTrainMetric& metric,
                         std::size_t threads = 1);

}  // namespace chronotope::topology
