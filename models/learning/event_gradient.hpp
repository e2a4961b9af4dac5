// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "chronotope/models/learning/event_network.hpp"

namespace chronotope::models {

/// Derivatives of a loss by one neuron's constants, each with all others held; tau_m once with C_m held and
/// once with R = tau_m/C_m held, C_m moving along.
struct NeuronGradient {
  double tau_m = 0;
  double C_m = 0;
  double E_L = 0;
  double V_th = 0;
  double V_reset = 0;
  double t_ref = 0;
  double I_e = 0;
  double V_m = 0;

  double tau_m_fixed_R(const EventNeuron& neuron) const { return tau_m + neuron.C_m / neuron.tau_m * C_m; }
};

/// Derivatives of a loss by everything a network through exact spike times depends on.
struct EventGradient {
  std::vector<double> weight;          // per synapse [1/pA]
  std::vector<double> delay;           // per synapse [1/ms]
  std::vector<NeuronGradient> neuron;  // per neuron
  std::vector<double> tau_syn;         // per receptor of every neuron [1/ms]
  std::vector<double> input_time;      // per input spike of the last item [1/ms]
  std::uint64_t spikes = 0;            // that were swept over
  std::uint64_t floored = 0;           // of them with a slope below the floor
  std::uint64_t coincidences = 0;      // releases and spikes at the instant of an arrival: one-sided

  /// All zero, for this network.
  void reset(const EventNetwork& network) {
    weight.assign(network.synapses.size(), 0);
    delay.assign(network.synapses.size(), 0);
    neuron.assign(network.neurons.size(), {});
    tau_syn.assign(network.tau_syn.size(), 0);
    input_time.clear();
    spikes = floored = coincidences = 0;
  }
};

/// What a loss adds to the adjoint: its direct derivatives, zero where nothing is said; and how high it found
/// its outputs, where it is of potentials.
struct EventSeeds {
  std::vector<double> spike;     // per spike, dl/dt [1/ms]
  std::vector<double> push;      // per spike, added to p before it: no derivative [1/mV]
  std::vector<double> integral;  // per neuron, c: the loss has the term c int (V - E_L) dt
  std::vector<double> maximum;   // per neuron, g: derivative by the highest V [1/mV]
  std::vector<double> height;    // per output of the loss last evaluated: z

  void reset(std::size_t spikes, std::size_t neurons) {
    spike.assign(spikes, 0);
    push.assign(spikes, 0);
    integral.assign(neurons, 0);
    maximum.assign(neurons, 0);
    height.clear();
  }
};

}  // namespace chronotope::models
