// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "chronotope/models/learning/gradient_method.hpp"
#include "chronotope/models/learning/surrogate_options.hpp"

namespace chronotope::models {

/// Backpropagation through time on a grid with a surrogate derivative of the spike (after Perez-Nieves et al.
/// 2021; fast sigmoid of Zenke & Ganguli 2018). With D the step, U_t the potential before the spike test:
///
///   U_t = E_L + alpha (V_(t-1) - E_L) + (1 - alpha) R I_e + sum_s (phi_s/C_m) I_(s,t-1), V_reset while
///         refractory;   s_t = [U_t >= V_th];   V_t = V_reset where s_t else U_t
///   I_(s,t) = rho_s I_(s,t-1) + sum over synapses of w z_(t-d)
///
/// with exact propagators of every neuron's own constants: the grid `nest` of the clock-driven engine.
/// Backward, ds/dU is 1/(Delta (1 + beta |U - V_th|/Delta)^2), Delta = |V_th - E_L| of the first network, and
/// the reset is a constant.
///
/// Wiring, delays, t_ref and Delta are those of the network the object was made with; all other values are
/// read anew at every call.
/// Real is float or double. Cost per item and step: the synapses of neurons that fire, forward; all synapses
/// of neurons, backward, and some 40 flops per neuron. Memory: one Real per neuron, step and item (one more
/// per receptor for gradients by constants), one per synapse and eight items.
template <class Real>
class SurrogateGradient final : public GradientMethod {
 public:
  SurrogateGradient(const TrainedNetwork& start, SurrogateOptions options, Workers workers = {});
  ~SurrogateGradient() override;

  /// Throws InputError when an item is shorter than a step.
  BatchResult learn(const TrainedNetwork& network, std::span<const Item* const> batch,
                    NetworkParameters& gradient) override;
  BatchResult evaluate(const TrainedNetwork& network, std::span<const Item* const> batch) override;

  /// Of the last call: logits by [item][class], and the steps and neurons of one item's spikes.
  std::span<const double> logits() const;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> spikes(std::size_t item) const;

 private:
  class Pass;
  std::unique_ptr<Pass> pass_;
};

extern template class SurrogateGradient<float>;
extern template class SurrogateGradient<double>;

}  // namespace chronotope::models
