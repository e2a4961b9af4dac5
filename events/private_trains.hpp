// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "chronotope/core/random_stream.hpp"
#include "chronotope/core/time.hpp"

namespace chronotope::events {

/// Poisson trains of which each reaches one neuron alone, at rates that would crowd the queue: the lane of
/// their targets draws them itself. Train i ends at neuron i; its draws are those of line i of a Poisson
/// stimulus.
struct PrivateTrains {
  std::uint64_t seed = 0;
  Purpose purpose{""};
  std::vector<double> mean_interval;  // [ticks]
  std::vector<double> weight;
  std::vector<Duration> lag;  // by which its delay exceeds the least; empty when all are equal
  Time first;                 // what the first interval is counted from, but for the lag
  Time stop;                  // no arrival from here on, but for the lag

  Duration lag_of(std::uint32_t i) const { return lag.empty() ? Duration() : lag[i]; }
  /// No train has an arrival from here on.
  Time last_stop() const {
    if (stop.is_never() || lag.empty()) return stop;
    return stop + *std::max_element(lag.begin(), lag.end());
  }
};

}  // namespace chronotope::events
