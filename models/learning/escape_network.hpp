// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "chronotope/core/checkpoint.hpp"
#include "chronotope/models/learning/escape_trace.hpp"

namespace chronotope::models {

/// A synapse onto a neuron with escape noise.
struct EscapeSynapse {
  std::uint32_t source = 0;
  double weight = 0;  // [pA]
  Duration delay;
  EscapeReceptor receptor = EscapeReceptor::kExcitatory;
};

/// A neuron with escape noise and what reaches it.
struct EscapeNeuron {
  std::uint32_t source = 0;  // what it is among all sources
  EscapeNoiseLif::Parameters parameters;
  EscapeNoiseLif::State start;
  std::vector<EscapeSynapse> synapses;

  std::vector<EscapeReceptor> receptors() const;
  /// A weight can pass through 0: both currents have one time constant.
  bool has_free_signs() const { return parameters.tau_syn_ex == parameters.tau_syn_in; }
  /// The weight nearest to `weight` that synapse j may have.
  double allowed(std::size_t j, double weight) const;
};

/// The spikes of every source (neurons of all populations, channels of all inputs), ascending.
using EscapeTrains = std::vector<std::vector<Time>>;

struct EscapeArrival {
  Time time;
  std::uint32_t synapse;
};

/// What reaches a neuron before `end`, in order of (time, synapse).
std::vector<EscapeArrival> arrivals(const EscapeNeuron& neuron, const EscapeTrains& trains, Time end);

/// The log-likelihood of a neuron's train in [0, end) with these weights. Requires: no two spikes closer than
/// t_ref. Calls `checkpoint` often.
EscapeSums escape_likelihood(const EscapeNeuron& neuron, std::span<const double> weights,
                             std::span<const EscapeArrival> arrivals, std::span<const Time> train, Time end,
                             bool information, const Checkpoint& checkpoint);

/// The largest distance of the distribution of `intervals` from the exponential one of mean 1, which rescaled
/// intervals have when the model is right (Brown et al. 2002), and how likely one as large is: Kolmogorov's
/// distribution with Stephens' correction. No interval: 0 and 1.
struct Rescaling {
  double distance = 0;
  double p = 1;
};
Rescaling time_rescaling(std::vector<double> intervals);

}  // namespace chronotope::models
