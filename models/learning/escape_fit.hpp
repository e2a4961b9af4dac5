// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "chronotope/models/learning/escape_network.hpp"

namespace chronotope::models {

/// The weights onto one neuron under which its train is most likely.
struct EscapeFit {
  std::vector<double> weight;          // [pA]
  std::vector<double> standard_error;  // [pA], from the inverse of the information; NaN where there is none
  double log_likelihood = 0;
  std::uint32_t steps = 0;
  bool converged = false;
};

/// Maximises the log-likelihood, which is concave in the weights (Paninski 2004), by Newton's method with
/// halved steps, from weights of 0. A weight keeps its sign unless both currents have one time constant: one
/// that would cross 0 stays there. A synapse over which nothing arrived keeps its weight. Ends when the step
/// that is left is worth less than 1e-9 of log-likelihood: also where the train drives a weight towards
/// infinity, as silence does; its standard error then is huge.
///
/// Cost: some ten passes with the information (EscapeTrace).
EscapeFit fit_weights(const EscapeNeuron& neuron, std::span<const EscapeArrival> arrivals,
                      std::span<const Time> train, Time end, const Checkpoint& checkpoint);

}  // namespace chronotope::models
