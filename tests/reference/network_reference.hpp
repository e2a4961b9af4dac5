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

/// Short-term plasticity: between the spikes of its source a synapse has u' = -u/tau_fac (u = 0 where tau_fac
/// is 0) and x' = (1 - x)/tau_rec; a spike first makes u += U (1 - u), then releases u x, and x -= u x. So do
/// several at one instant, one after the other.
struct ShortTermParameters {
  double U = 0.5, tau_rec = 800, tau_fac = 0;
};

/// Several synapses may join the same pair, and a neuron may project to itself.
struct Synapse {
  SourceRef source;
  std::size_t target = 0;
  double weight = 0;  ///< signed [pA or mV, as the target's model]; its sign never changes
  double delay = 1;   ///< to the soma [ms], > 0
  std::optional<StdpParameters> plasticity = std::nullopt;
  /// The last part of the delay, stated [ms] or as a share of the delay, not both; the rest is axonal. A
  /// spike of the source is at the synapse after the axonal part, one of the target after the dendritic part.
  double dendritic_delay = 0;
  double dendritic_fraction = 0;
  std::optional<ShortTermParameters> short_term = std::nullopt;  ///< the weight times u x is transmitted
};

/// Which weight an arrival transmits: after its own depression, or before.
enum class Transmit { kAfterUpdate, kBeforeUpdate };

struct Network {
  std::vector<LifParameters> neurons;
  std::vector<std::vector<double>> external;  ///< spike times [ms] >= 0 of each external train
  std::vector<Synapse> synapses;
  Transmit transmit = Transmit::kAfterUpdate;
  double learn_until = std::numeric_limits<double>::infinity();  ///< what is at a synapse then or later
                                                                 ///< changes no weight
  /// Spike times of each neuron in another simulation [ms], whole ticks, or empty. A crossing within kSame of
  /// one is reported where it is, but takes place there: so every spike is foretold from the history of the
  /// other simulation, and a difference in the last digit does not grow in the recurrent network.
  std::vector<std::vector<Rational>> observed{};
  static constexpr double kSame = 1e-9;
};

struct NetworkSpike {
  std::size_t neuron;
  Spike spike;
};

struct NetworkRun {
  std::vector<NetworkSpike> spikes;  ///< by (time, neuron)
  std::vector<Real> weights;         ///< signed, one per synapse, read at `until`
  std::vector<LifNeuron> neurons;    ///< each as its last instant left it: voltage(until) reads V
};

/// Runs the network over [0, until): again and again the earliest of all next crossings and pending arrivals.
/// Times are exact; at one tick the order is that of instant.hpp, and the spikes are told in the order of the
/// neurons. An arrival transmits the weight that the synapse had (or got) when it passed. Of plasticity only
/// the times at the synapse count: at equal times arrivals come before postsynaptic spikes, whichever came
/// first at the soma. A weight read at t accounts for what was at the synapse before t, though an arrival may
/// still be on its way to the soma. Throws std::invalid_argument for a delay that
/// is no tick, a dendritic part that is longer than it or stated twice, an index out of range, a magnitude
/// outside [w_min, w_max].
NetworkRun run_network(const Network& network, double until);

}  // namespace chronotope::reference
