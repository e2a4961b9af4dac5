// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "chronotope/models/learning/grid_loss.hpp"

namespace chronotope::models {

/// Constants of the read-out that is not part of the graph.
struct LeakyConstants {
  double tau_m = 20;   // [ms]
  double tau_syn = 5;  // [ms]
};

/// Read-outs of one item on the grid, one per class, in logit units:
///
///   J_t = rho_o J_(t-1) + W_o s_t,   y_t = alpha_o y_(t-1) + (1 - alpha_o) J_t
///
/// forward, and their adjoint e, o backward:
///
///   e_t = alpha_o e_(t+1) + dL/dy_t,   o_t = (1 - alpha_o) e_t + rho_o o_(t+1)
class LeakyReadOut {
 public:
  /// `dt` [ms].
  LeakyReadOut(const LeakyConstants& constants, double dt, GridLoss::Kind kind, std::uint32_t outputs);

  void begin();
  /// A spike of the step that is next, of a neuron with these weights.
  void receive(const double* weights) {
    for (std::size_t k = 0; k < arrived_.size(); ++k) arrived_[k] += weights[k];
  }
  void step();
  /// After the last step, once.
  std::span<const double> logits();

  /// From the derivative of the loss by the logits, after as many steps as were made.
  void begin_back(std::span<const double> by_logit);
  /// o_t of the steps in reverse.
  std::span<const double> step_back();

 private:
  double seed(std::size_t output) const;

  GridLoss::Kind kind_;
  double alpha_;
  double rise_;  // 1 - alpha_o
  double rho_;
  std::size_t steps_ = 0;
  std::size_t now_ = 0;
  std::vector<double> arrived_;
  std::vector<double> J_;
  std::vector<double> y_;
  std::vector<double> logits_;
  std::vector<std::size_t> largest_at_;  // step of the maximum
  std::vector<double> by_logit_;
  std::vector<double> e_;
  std::vector<double> o_;
};

}  // namespace chronotope::models
