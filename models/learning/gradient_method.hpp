// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "chronotope/core/checkpoint.hpp"
#include "chronotope/core/network_description.hpp"
#include "chronotope/core/time.hpp"
#include "chronotope/models/learning/trained_network.hpp"

namespace chronotope::models {

/// A stimulus with its class, as it is taught or tested. The network starts anew at its onset, which is time
/// 0, and is looked at before `duration`.
struct Item {
  std::vector<ChannelSpike> spikes;  // in (time, channel) order
  Duration duration;
  std::uint32_t label = 0;
  std::vector<ChannelSpike> target{};  // to be matched: a channel is a neuron; likewise in order
};

/// Threads that do one thing together: run(work) calls work(0) .. work(size - 1) and returns when all are
/// done, or then throws what the first of them threw. By default the caller alone. Work calls `checkpoint`.
struct Workers {
  using Work = std::function<void(unsigned member)>;

  unsigned size = 1;
  std::function<void(const Work&)> run = [](const Work& work) { work(0); };
  Checkpoint checkpoint = [] {};
};

/// What a method met on its way that a user should know.
struct LearningCounters {
  std::uint64_t items = 0;
  std::uint64_t spikes = 0;           // of neurons
  std::uint64_t silent_outputs = 0;   // items whose label's output neuron did not fire
  std::uint64_t floored = 0;          // spikes so near tangency that their slope was replaced
  std::uint64_t coincidences = 0;     // events of one neuron at one instant: the derivative is one-sided
  std::uint64_t pushes = 0;           // weights moved because their neuron was silent
  std::uint64_t clipped_batches = 0;  // whose gradient was shortened

  LearningCounters& operator+=(const LearningCounters& more) {
    items += more.items;
    spikes += more.spikes;
    silent_outputs += more.silent_outputs;
    floored += more.floored;
    coincidences += more.coincidences;
    pushes += more.pushes;
    clipped_batches += more.clipped_batches;
    return *this;
  }
};

/// What became of the items of one batch. Valid until the method is called again.
struct BatchResult {
  double loss = 0;                            // mean over the items, with every regulariser
  std::span<const std::uint32_t> prediction;  // class, by item; the first of equal ones
  std::span<const std::uint32_t> spikes;      // [item][neuron] counts
  LearningCounters counters;
};

/// How gradients of a loss are found. One object lives as long as the training: its buffers are made once.
///
/// Contract: a result depends on the network and the items alone, not on earlier calls, and has the same bits
/// for any number of workers. A gradient is that of the loss, by every kind of parameter the method was made
/// to learn; the other columns may hold anything.
class GradientMethod {
 public:
  virtual ~GradientMethod() = default;

  virtual BatchResult learn(const TrainedNetwork& network, std::span<const Item* const> batch,
                            NetworkParameters& gradient) = 0;
  /// Without gradients.
  virtual BatchResult evaluate(const TrainedNetwork& network, std::span<const Item* const> batch) = 0;
  /// Moves weights that no gradient reaches, after the optimiser's step on the batch last learnt. Returns how
  /// many.
  virtual std::uint64_t push(TrainedNetwork&) { return 0; }
};

}  // namespace chronotope::models
