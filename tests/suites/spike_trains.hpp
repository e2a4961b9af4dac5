// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "chronotope/core/random_stream.hpp"

namespace chronotope::tests {

/// A presynaptic and a postsynaptic train [ms], both increasing.
struct TrainPair {
  std::vector<double> emitted;
  std::vector<double> spikes;
};

/// Random trains of `count` spikes each: rates that change between 2 and 200 Hz (bursts and long silences),
/// refractory gaps of 2 ms after postsynaptic spikes, and in one spike of four a postsynaptic spike exactly
/// `tie_after` after a presynaptic one. Times and ties are multiples of 1/per_ms ms, as doubles come nearest.
inline TrainPair random_trains(std::uint64_t number, std::size_t count, double tie_after,
                               double per_ms = 1024) {
  RandomStream draw(7, Purpose("random_trains"), number);
  const auto on_grid = [per_ms](double t) { return std::round(t * per_ms) / per_ms; };
  const auto train = [&](double refractory) {
    std::vector<double> times;
    double t = 0;
    double rate = 10;
    while (times.size() < count) {
      if (draw.uniform() < 0.1) rate = std::exp(std::log(2.0) + draw.uniform() * std::log(100.0));
      t = on_grid(t + refractory - 1000 / rate * std::log(draw.uniform()) + 1 / per_ms);
      times.push_back(t);
    }
    return times;
  };
  TrainPair trains{train(0), train(2)};
  std::vector<double>& spikes = trains.spikes;
  for (const double t : trains.emitted)
    if (draw.uniform() < 0.25) spikes.push_back(on_grid(t + tie_after));
  std::sort(spikes.begin(), spikes.end());
  spikes.erase(std::unique(spikes.begin(), spikes.end()), spikes.end());
  return trains;
}

}  // namespace chronotope::tests
