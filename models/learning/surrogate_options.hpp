// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "chronotope/models/learning/grid_loss.hpp"
#include "chronotope/models/learning/leaky_read_out.hpp"
#include "chronotope/models/learning/surrogate_kernels.hpp"

namespace chronotope::models {

/// How gradients are taken on a grid.
struct SurrogateOptions {
  Duration dt;        // of the grid
  double beta = 100;  // of the surrogate 1/(1 + beta |u|)^2
  GridLoss loss;
  CountRegulariser regulariser;
  LeakyConstants read_out;               // for losses that have one
  std::vector<std::uint32_t> outputs;    // neuron of every class, for the other losses
  bool constants = false;                // gradients by the neurons' constants, too
  std::optional<KernelWidth> vectors{};  // default: the widest
};

}  // namespace chronotope::models
