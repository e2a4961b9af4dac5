// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <limits>
#include <optional>
#include <vector>

#include "chronotope/tests/reference/lif_reference.hpp"
#include "chronotope/tests/reference/real.hpp"
#include "chronotope/tests/reference/stdp_reference.hpp"

namespace chronotope::reference {

/// Who emits: a neuron of the network or one of its external spike trains.
struct SourceRef {
  bool is_external = false;
  std::size_t index = 0;
};

/// Several synapses may join the same pair, and a neuron may project to itself.
struct Synapse {
  SourceRef source;
  std::size_t target = 0;
  double weight = 0;  ///< signed [pA or mV, as the target's model]; its sign never changes
  double delay = 1;   ///< [ms], > 0, all of it axonal
  std::optional<StdpParameters> plasticity = std::nullopt;
};

/// Which weight an arrival transmits: after its own depression, or before.
enum class Transmit { kAfterUpdate, kBeforeUpdate };

struct Network {
  std::vector<LifParameters> neurons;
  std::vector<std::vector<double>> external;  ///< spike times [ms] >= 0 of each external train
  std::vector<Synapse> synapses;
  Transmit transmit = Transmit::kAfterUpdate;
  double learn_until = std::numeric_limits<double>::infinity();  ///< events at or after it change no weight
  /// Spike times of each neuron in another simulation [ms], or empty. A crossing within kSame of one is
  /// reported where it is, but takes place there: so every spike is foretold from the history of the other
  /// simulation, and a difference in the last digit does not grow in the recurrent network.
  std::vector<std::vector<double>> observed{};
  static constexpr double kSame = 1e-9;
};

struct NetworkSpike {
  std::size_t neuron;
  Spike spike;
};

struct NetworkRun {
  std::vector<NetworkSpike> spikes;  ///< by (time, neuron)
  std::vector<Real> weights;         ///< signed, one per synapse, after everything before `until`
  std::vector<LifNeuron> neurons;    ///< each as its last instant left it: voltage(until) reads V
};

/// Runs the network over [0, until): again and again the earliest of all next crossings and pending arrivals.
/// Arrivals whose times are exactly equal in 50 digits are one instant; at one instant first all arrivals,
/// then the threshold tests, then the spikes in the order of the neurons. Throws std::invalid_argument for a
/// delay <= 0, an index out of range, a magnitude outside [w_min, w_max].
NetworkRun run_network(const Network& network, double until);

}  // namespace chronotope::reference
