// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "chronotope/core/error.hpp"
#include "chronotope/models/learning/gradient_method.hpp"
#include "chronotope/models/learning/optimiser.hpp"

namespace chronotope::models {

struct TrainingPlan {
  std::uint64_t seed = 0;  // of the order of the items
  std::uint32_t epochs = 30;
  std::uint32_t batch_size = 32;
  double rate = 1e-3;     // of the optimiser in the first epoch
  double rate_decay = 1;  // its factor from epoch to epoch
};

/// How a network does on some items.
struct Score {
  double loss = 0;
  double accuracy = 0;
};

struct EpochRecord {
  std::uint32_t epoch = 0;   // from 1; 0: before training
  Score training;            // means over the epoch's batches, each before its step
  Score validation;          // after the epoch; of no items: NaN
  double mean_count = 0;     // spikes per neuron and item of the epoch
  double weight_change = 0;  // |w - w_0|/|w_0| of the weights that are trained, after the epoch
};

/// Everything that training needs to go on after an epoch.
struct TrainingState {
  std::uint32_t epoch = 0;  // done
  NetworkParameters values;
  Optimiser::Memory memory;
  std::uint32_t best_epoch = 0;
  Score best;  // on the validation part
  NetworkParameters best_values;
  std::vector<EpochRecord> history;
  LearningCounters counters;
};

/// A loss or a derivative that is no finite number: the last epoch's state is the last good one.
class LossIsNoNumber : public Failure {
 public:
  using Failure::Failure;
};

/// Supervised training in epochs by either method. Items come in an order keyed by (seed, epoch); inside 16
/// batches they are sorted by duration, so that items of a batch have like lengths. The epoch that is best on
/// the validation part is kept: the highest accuracy, of equal ones the lowest loss; without validation it is
/// the last one.
///
/// Going on from a state gives the same bits as going through. Memory: seven numbers per synapse.
class Training {
 public:
  /// `items` stay the caller's. Requires: training items; labels that the method knows.
  Training(TrainedNetwork start, std::vector<const Item*> training, std::vector<const Item*> validation,
           GradientMethod& method, const OptimiserOptions& optimiser, const TrainingPlan& plan);

  const TrainingState& state() const { return state_; }
  void restore(TrainingState state);
  bool done() const { return state_.epoch >= plan_.epochs; }

  /// Called after every batch with how many of the epoch's are done; it may throw to give up the epoch.
  using Progress = std::function<void(std::size_t batch, std::size_t batches, double loss)>;
  /// Throws LossIsNoNumber, which names the batch.
  const EpochRecord& run_epoch(const Progress& progress = {});

  /// The network with these values.
  TrainedNetwork network(const NetworkParameters& values) const;

 private:
  std::vector<const Item*> order(std::uint32_t epoch) const;
  std::optional<double> learn(std::span<const Item* const> batch, double rate, TrainingState& next,
                              EpochRecord& record);
  void keep_best(TrainingState& next) const;
  double weight_change(const NetworkParameters& values) const;

  TrainedNetwork network_;  // works with the values of the epoch under way
  NetworkParameters start_;
  std::vector<const Item*> training_;
  std::vector<const Item*> validation_;
  GradientMethod& method_;
  Optimiser optimiser_;
  std::vector<double> unit_;
  TrainingPlan plan_;
  NetworkParameters gradient_;
  TrainingState state_;
};

/// Predictions of a network, and its score, batch by batch.
struct Evaluation {
  Score score;
  std::vector<std::uint32_t> prediction;
  double mean_count = 0;  // spikes per neuron and item
};
Evaluation evaluate(GradientMethod& method, const TrainedNetwork& network, std::span<const Item* const> items,
                    std::uint32_t batch_size);

}  // namespace chronotope::models
