// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/distances/spike_trains/spike_responses.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <string>

#include "chronotope/core/error.hpp"

namespace chronotope::topology {

namespace {

[[noreturn]] void refuse(std::size_t object, std::size_t neuron, double time, const std::string& allowed) {
  throw InputError("spike of object " + std::to_string(object) + ", neuron " + std::to_string(neuron) +
                   " (from 0): " + chronotope::to_string(time) + " ms is not allowed (" + allowed + ")");
}

}  // namespace

SpikeResponses::SpikeResponses(std::size_t neurons, double window_ms)
    : neurons_(neurons), window_(window_ms) {
  assert(neurons >= 1);
  if (!(window_ms > 0) || !std::isfinite(window_ms))
    throw InputError("window: " + chronotope::to_string(window_ms) +
                     " ms is not allowed (must be > 0 and finite)");
}

void SpikeResponses::add(std::span<const std::vector<double>> trains) {
  assert(trains.size() == neurons_);
  const std::size_t object = size();
  for (std::size_t c = 0; c < neurons_; ++c) {
    double last = 0;
    for (const double t : trains[c]) {
      if (!(t >= 0 && t <= window_))
        refuse(object, c, t, "must lie in [0, " + chronotope::to_string(window_) + "]");
      if (t < last)
        refuse(object, c, t, "must not precede the spike before it, at " + chronotope::to_string(last));
      last = t;
    }
  }
  for (const auto& train : trains) append(train);
}

SpikeResponses SpikeResponses::pooled() const {
  SpikeResponses pool(1, window_);
  std::vector<double> all;
  for (std::size_t i = 0; i < size(); ++i) {
    all.clear();
    for (std::size_t c = 0; c < neurons_; ++c) all.insert(all.end(), train(i, c).begin(), train(i, c).end());
    std::sort(all.begin(), all.end());
    pool.append(all);
  }
  return pool;
}

void SpikeResponses::append(SpikeTrain train) {
  times_.insert(times_.end(), train.begin(), train.end());
  first_.push_back(times_.size());
}

SpikeResponses restricted(const SpikeResponses& responses, std::span<const std::size_t> rows) {
  SpikeResponses chosen(responses.neurons(), responses.observation().end);
  std::vector<std::vector<double>> trains(responses.neurons());
  for (const std::size_t i : rows) {
    for (std::size_t c = 0; c < responses.neurons(); ++c)
      trains[c].assign(responses.train(i, c).begin(), responses.train(i, c).end());
    chosen.add(trains);
  }
  return chosen;
}

}  // namespace chronotope::topology
