// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chronotope/models/readout/feature_table.hpp"

namespace chronotope::models {

/// u(0) .. u(n-1), independent and uniform on (-1, 1): what a network is to remember.
std::vector<double> memory_signal(std::size_t n, std::uint64_t seed);

struct MemoryOptions {
  double training = 0.5;      ///< share of the steps, the first ones, that read-outs are fitted on
  std::size_t shuffles = 20;  ///< of the targets, for the bias
  std::size_t patience = 20;  ///< recalled values below the bias in a row at which the sum ends
  std::uint64_t seed = 1;     ///< of the shuffles
};

/// How much of its past input a state holds (Jaeger 2002).
struct MemoryCapacity {
  double capacity = 0;         ///< C = sum_k r2_k
  double corrected = 0;        ///< sum_k max(0, r2_k - bias)
  double bias = 0;             ///< mean r2 of shuffled targets, about 1/tested steps
  std::vector<double> recall;  ///< r2_k for k = 1, 2, ...
};

/// For k = 1, 2, .. a ridge read-out y_k of the standardised state x(t) recalls u(t - k);
///     r2_k = cov^2(u(t-k), y_k) / (var u(t-k) var y_k)  over steps it was not fitted on, C = sum_k r2_k.
/// C is at most the number N of states (columns). k ends at 2 N, at a quarter of the steps, or when
/// `patience` values in a row lie below the bias; the penalty of each k is chosen by leave-one-out on its
/// training steps. x(t) is the state at the end of step t, with the same number of steps as u. The first max
/// k steps are left out, so that every k has the same ones. Requires: at least 40 steps, 0 < training < 1,
/// shuffles >= 1.
MemoryCapacity memory_capacity(const FeatureTable& states, std::span<const double> u,
                               const MemoryOptions& options = {});

/// Spike efficiency E = C / S, S the mean number of spikes of a neuron during the evaluation: larger is
/// better. NaN without spikes. (After arXiv 2302.11618, which names a ratio of activity and capacity.)
double spike_efficiency(double capacity, double spikes_per_neuron);

}  // namespace chronotope::models
