// SPDX-License-Identifier: Apache-2.0
#pragma once

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
  Time first;  // what the first interval is counted from: start + delay
  Time stop;   // no arrival from here on
};

}  // namespace chronotope::events
