// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/learning/training.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "chronotope/core/exponential.hpp"
#include "chronotope/core/random_stream.hpp"

namespace chronotope::models {
namespace {

constexpr std::size_t kBatchesOfLikeLength = 16;

template <class Iterator>
void shuffle(Iterator first, std::size_t count, RandomStream& stream) {
  for (std::size_t k = count; k > 1; --k)
    std::iter_swap(first + static_cast<std::ptrdiff_t>(k - 1),
                   first + static_cast<std::ptrdiff_t>(stream.below(k)));
}

std::size_t right(const BatchResult& result, std::span<const Item* const> batch) {
  std::size_t count = 0;
  for (std::size_t b = 0; b < batch.size(); ++b) count += result.prediction[b] == batch[b]->label ? 1 : 0;
  return count;
}

template <class Each>
void in_batches(std::span<const Item* const> items, std::size_t size, Each each) {
  for (std::size_t first = 0; first < items.size(); first += size)
    each(items.subspan(first, std::min(size, items.size() - first)));
}

bool is_better(const Score& a, const Score& b) {
  return a.accuracy > b.accuracy || (a.accuracy == b.accuracy && a.loss < b.loss);
}

}  // namespace

Evaluation evaluate(GradientMethod& method, const TrainedNetwork& network, std::span<const Item* const> items,
                    std::uint32_t batch_size) {
  Evaluation all;
  std::uint64_t spikes = 0;
  in_batches(items, batch_size, [&](std::span<const Item* const> batch) {
    const BatchResult result = method.evaluate(network, batch);
    all.score.loss += result.loss * static_cast<double>(batch.size());
    all.score.accuracy += static_cast<double>(right(result, batch));
    all.prediction.insert(all.prediction.end(), result.prediction.begin(), result.prediction.end());
    spikes += result.counters.spikes;
  });
  const auto count = static_cast<double>(items.size());
  all.score.loss /= count;
  all.score.accuracy /= count;
  all.mean_count = static_cast<double>(spikes) / (count * network.neurons);
  return all;
}

Training::Training(TrainedNetwork start, std::vector<const Item*> training,
                   std::vector<const Item*> validation, GradientMethod& method,
                   const OptimiserOptions& optimiser, const TrainingPlan& plan)
    : network_(std::move(start)),
      start_(network_.parameters),
      training_(std::move(training)),
      validation_(std::move(validation)),
      method_(method),
      optimiser_(network_, optimiser),
      unit_(optimiser.unit),
      plan_(plan),
      gradient_(start_.zeros()) {
  state_.values = start_;
  state_.best_values = start_;
  state_.memory = optimiser_.memory();
}

void Training::restore(TrainingState state) { state_ = std::move(state); }

TrainedNetwork Training::network(const NetworkParameters& values) const {
  TrainedNetwork network = network_;
  network.parameters = values;
  return network;
}

std::vector<const Item*> Training::order(std::uint32_t epoch) const {
  std::vector<const Item*> items = training_;
  RandomStream stream(plan_.seed, Purpose("training.order"), epoch);
  shuffle(items.begin(), items.size(), stream);
  const std::size_t chunk = kBatchesOfLikeLength * plan_.batch_size;
  for (std::size_t first = 0; first < items.size(); first += chunk)
    std::stable_sort(items.begin() + static_cast<std::ptrdiff_t>(first),
                     items.begin() + static_cast<std::ptrdiff_t>(std::min(first + chunk, items.size())),
                     [](const Item* a, const Item* b) { return a->duration < b->duration; });
  return items;
}

const EpochRecord& Training::run_epoch(const Progress& progress) {
  TrainingState next = state_;
  EpochRecord record;
  record.epoch = ++next.epoch;
  network_.parameters = next.values;
  optimiser_.restore(next.memory);
  const double rate = plan_.rate * pow(plan_.rate_decay, static_cast<double>(record.epoch - 1));
  const auto items = order(record.epoch);
  std::vector<std::span<const Item* const>> batches;
  in_batches(items, plan_.batch_size, [&](auto batch) { batches.push_back(batch); });
  RandomStream stream(plan_.seed, Purpose("training.batches"), record.epoch);
  shuffle(batches.begin(), batches.size(), stream);
  for (std::size_t k = 0; k < batches.size(); ++k) {
    const std::optional<double> loss = learn(batches[k], rate, next, record);
    if (!loss)
      throw LossIsNoNumber("the loss of batch " + std::to_string(k + 1) + " of " +
                           std::to_string(batches.size()) + " in epoch " + std::to_string(record.epoch) +
                           ", or its gradient, is no finite number; a smaller --rate may help");
    if (progress) progress(k + 1, batches.size(), *loss);
  }
  const auto count = static_cast<double>(items.size());
  record.training.loss /= count;
  record.training.accuracy /= count;
  record.mean_count /= count * network_.neurons;
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  record.validation = validation_.empty() ? Score{kNone, kNone}
                                          : evaluate(method_, network_, validation_, plan_.batch_size).score;
  record.weight_change = weight_change(network_.parameters);
  next.values = network_.parameters;
  next.memory = optimiser_.memory();
  next.history.push_back(record);
  keep_best(next);
  state_ = std::move(next);
  return state_.history.back();
}

/// Adds the batch's sums over items to the record. Returns the batch's loss, or nothing, without a step, if
/// it or its gradient is no number.
std::optional<double> Training::learn(std::span<const Item* const> batch, double rate, TrainingState& next,
                                      EpochRecord& record) {
  const BatchResult result = method_.learn(network_, batch, gradient_);
  record.training.loss += result.loss * static_cast<double>(batch.size());
  record.training.accuracy += static_cast<double>(right(result, batch));
  record.mean_count += static_cast<double>(result.counters.spikes);
  next.counters += result.counters;
  if (!std::isfinite(result.loss) || !optimiser_.is_finite(gradient_, network_.parameters)) return {};
  if (optimiser_.step(rate, gradient_, network_.parameters)) ++next.counters.clipped_batches;
  next.counters.pushes += method_.push(network_);
  return result.loss;
}

void Training::keep_best(TrainingState& next) const {
  const Score& score = next.history.back().validation;
  if (!validation_.empty() && next.best_epoch != 0 && !is_better(score, next.best)) return;
  next.best_epoch = next.epoch;
  next.best = score;
  next.best_values = next.values;
}

double Training::weight_change(const NetworkParameters& values) const {
  double moved = 0, before = 0;
  for (std::size_t k = 0; k < unit_.size(); ++k) {
    if (unit_[k] <= 0) continue;
    const double change = values.weight[k] - start_.weight[k];
    moved += change * change;
    before += start_.weight[k] * start_.weight[k];
  }
  return before > 0 ? std::sqrt(moved / before) : 0;
}

}  // namespace chronotope::models
