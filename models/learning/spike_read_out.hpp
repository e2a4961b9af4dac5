// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "chronotope/core/network_description.hpp"
#include "chronotope/models/learning/grid_loss.hpp"
#include "chronotope/models/learning/leaky_read_out.hpp"

namespace chronotope::models {

/// Reads classes from spikes that were found without a grid. A leaky read-out hears them as the method that
/// taught it: SurrogateGradient, spikes in ((t - 1) dt, t dt] in step t, or EventMethod, when they are. A
/// first spike keeps its exact time.
struct SpikeReadOut {
  Duration dt;
  bool on_grid = true;  // how a leaky read-out hears
  GridLoss loss;
  LeakyConstants leaky;
  std::uint32_t classes = 0;
  std::vector<double> weight{};          // [class][neuron], of a leaky read-out
  std::vector<std::uint32_t> outputs{};  // else the neuron of every class
  std::uint32_t neurons = 0;

  /// `spikes` of the neurons since the item's onset (a ChannelSpike's channel is a neuron), in order of time.
  std::vector<double> logits(std::span<const ChannelSpike> spikes, Duration duration) const;
};

}  // namespace chronotope::models
