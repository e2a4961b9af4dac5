// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/readout/memory_capacity.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "chronotope/core/random_stream.hpp"
#include "chronotope/core/shuffle.hpp"
#include "chronotope/models/readout/ridge.hpp"
#include "chronotope/models/readout/standardisation.hpp"

namespace chronotope::models {

namespace {

double mean_of(std::span<const double> x) {
  return std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(x.size());
}

/// Squared correlation, 0 when one does not vary.
double r2(std::span<const double> x, std::span<const double> y) {
  const double mean_x = mean_of(x);
  const double mean_y = mean_of(y);
  double xy = 0;
  double xx = 0;
  double yy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xy += (x[i] - mean_x) * (y[i] - mean_y);
    xx += (x[i] - mean_x) * (x[i] - mean_x);
    yy += (y[i] - mean_y) * (y[i] - mean_y);
  }
  return xx > 0 && yy > 0 ? xy / xx * (xy / yy) : 0;
}

Rows steps(std::size_t first, std::size_t end) {
  Rows rows(end - first);
  std::iota(rows.begin(), rows.end(), first);
  return rows;
}

/// Target k at step t is `value(t, k)`.
template <class Value>
std::vector<double> targets(const Rows& rows, std::size_t count, Value value) {
  std::vector<double> y;
  y.reserve(rows.size() * count);
  for (const std::size_t t : rows)
    for (std::size_t k = 0; k < count; ++k) y.push_back(value(t, k));
  return y;
}

/// Fits on the training steps, scores on those after them.
class Recall {
 public:
  Recall(const FeatureTable& states, std::size_t first, double training) {
    const std::size_t middle =
        first + static_cast<std::size_t>(training * static_cast<double>(states.size() - first));
    fitted_ = steps(first, middle);
    tested_ = steps(middle, states.size());
    const Standardisation standardisation(states, fitted_);
    training_states_ = standardisation.apply(states, fitted_);
    test_states_ = standardisation.apply(states, tested_);
  }

  /// r2 of each of `count` targets.
  template <class Value>
  std::vector<double> of(std::size_t count, Value value) const {
    const LinearMap map = ridge(training_states_, targets(fitted_, count, value), PenaltyPer::kTarget).map;
    std::vector<std::vector<double>> y(count);
    std::vector<std::vector<double>> recalled(count);
    for (std::size_t i = 0; i < tested_.size(); ++i) {
      const std::vector<double> row = map(test_states_.row(i));
      for (std::size_t k = 0; k < count; ++k) {
        recalled[k].push_back(row[k]);
        y[k].push_back(value(tested_[i], k));
      }
    }
    std::vector<double> scores;
    for (std::size_t k = 0; k < count; ++k) scores.push_back(r2(y[k], recalled[k]));
    return scores;
  }

 private:
  Rows fitted_;
  Rows tested_;
  FeatureTable training_states_;
  FeatureTable test_states_;
};

std::vector<double> shuffled(std::vector<double> values, RandomStream draws) {
  shuffle(values, draws);
  return values;
}

double chance(const Recall& recall, std::span<const double> u, const MemoryOptions& options) {
  std::vector<std::vector<double>> orders;
  for (std::size_t s = 0; s < options.shuffles; ++s)
    orders.push_back(shuffled({u.begin(), u.end()}, {options.seed, Purpose("readout.memory_shuffle"), s}));
  return mean_of(recall.of(options.shuffles, [&](std::size_t t, std::size_t s) { return orders[s][t]; }));
}

/// The values up to where `patience` in a row lie below the bias, these included.
void end_below_bias(std::vector<double>& recall, double bias, std::size_t patience) {
  std::size_t below = 0;
  for (std::size_t k = 0; k < recall.size(); ++k) {
    below = recall[k] < bias ? below + 1 : 0;
    if (below == patience) recall.resize(k + 1);
  }
}

}  // namespace

std::vector<double> memory_signal(std::size_t n, std::uint64_t seed) {
  std::vector<double> u;
  RandomStream draws(seed, Purpose("readout.memory_signal"), 0);
  for (std::size_t t = 0; t < n; ++t) u.push_back(2 * draws.uniform() - 1);
  return u;
}

MemoryCapacity memory_capacity(const FeatureTable& states, std::span<const double> u,
                               const MemoryOptions& options) {
  assert(states.size() == u.size() && u.size() >= 40 && options.shuffles >= 1);
  const std::size_t longest = std::min(2 * states.dimension(), u.size() / 4);
  const Recall recall(states, longest, options.training);
  MemoryCapacity memory;
  memory.bias = chance(recall, u, options);
  memory.recall = recall.of(longest, [&](std::size_t t, std::size_t k) { return u[t - k - 1]; });
  end_below_bias(memory.recall, memory.bias, options.patience);
  for (const double value : memory.recall) {
    memory.capacity += value;
    memory.corrected += std::max(0.0, value - memory.bias);
  }
  return memory;
}

double spike_efficiency(double capacity, double spikes_per_neuron) {
  return spikes_per_neuron > 0 ? capacity / spikes_per_neuron : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace chronotope::models
