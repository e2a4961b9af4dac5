// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <random>
#include <vector>

namespace chronotope::topology {

/// Trains on [0, 100]: at random times, or on a grid of whole milliseconds, where trains share spikes.
class RandomTrains {
 public:
  explicit RandomTrains(std::uint32_t seed) : random_(seed) {}

  std::vector<double> train(std::size_t most, bool on_grid) {
    std::vector<double> spikes(random_() % (most + 1));
    for (double& t : spikes)
      t = on_grid ? static_cast<double>(random_() % 101)
                  : static_cast<double>(random_()) / 4294967296.0 * 100;
    std::sort(spikes.begin(), spikes.end());
    return spikes;
  }

  /// The same spikes, each moved by at most `jitter`.
  std::vector<double> jittered(std::vector<double> spikes, double jitter) {
    for (double& t : spikes)
      t = std::clamp(t + jitter * (static_cast<double>(random_()) / 2147483648.0 - 1), 0.0, 100.0);
    std::sort(spikes.begin(), spikes.end());
    return spikes;
  }

 private:
  std::mt19937 random_;
};

}  // namespace chronotope::topology
