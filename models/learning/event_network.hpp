// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "chronotope/core/time.hpp"

namespace chronotope::models {

/// One leaky integrate-and-fire neuron with exponential currents, its receptors counted apart:
///
///   C_m dV/dt = -(C_m/tau_m)(V - E_L) + I_0 + I_1 + ... + I_e,   tau_syn[s] dI_s/dt = -I_s
///   V >= V_th: spike; V = V_reset for t_ref while the currents go on
///
/// Times in ms, potentials in mV, C_m in pF, currents in pA. V_th is infinite for a read-out.
struct EventNeuron {
  double tau_m = 20;
  double C_m = 250;
  double E_L = -70;
  double V_th = -55;
  double V_reset = -70;
  double I_e = 0;
  double V_m = -70;
  Offset t_ref{};

  double resistance() const { return tau_m / C_m; }                                       // [mV/pA]
  double V_inf() const { return E_L + resistance() * I_e; }                               // [mV]
  double slope(double V, double I) const { return (E_L - V) / tau_m + (I + I_e) / C_m; }  // dV/dt [mV/ms]
};

struct EventSynapse {
  std::uint32_t target = 0;
  std::uint32_t receptor = 0;  // of the target
  double weight = 0;           // [pA]
  Offset delay{};
};

/// What exp_psc_lif and multi_receptor_lif are to gradients through exact spike times: a network as plain
/// values, weights fixed.
///
/// Sources are numbered together: first the input channels, then the neurons. Invariants: row_begin has one
/// entry more than there are sources, receptor_begin one more than neurons; a delay from a neuron is > 0
/// unless no neuron can be reached from itself.
struct EventNetwork {
  std::uint32_t channels = 0;
  std::vector<EventNeuron> neurons;
  std::vector<std::uint32_t> receptor_begin{0};
  std::vector<double> tau_syn;  // [ms], of every receptor of every neuron
  std::vector<std::uint64_t> row_begin{0};
  std::vector<EventSynapse> synapses;

  std::uint32_t receptors(std::uint32_t neuron) const {
    return receptor_begin[neuron + 1] - receptor_begin[neuron];
  }
  std::span<const double> time_constants(std::uint32_t neuron) const {
    return {tau_syn.data() + receptor_begin[neuron], receptors(neuron)};
  }
  std::uint64_t source_count() const { return channels + neurons.size(); }

  /// Adds a neuron with these synaptic time constants.
  void add(const EventNeuron& neuron, std::span<const double> time_constants) {
    neurons.push_back(neuron);
    tau_syn.insert(tau_syn.end(), time_constants.begin(), time_constants.end());
    receptor_begin.push_back(static_cast<std::uint32_t>(tau_syn.size()));
  }
  /// Adds a synapse to the row of the source that is being listed; end_row() ends it.
  void add(const EventSynapse& synapse) { synapses.push_back(synapse); }
  void end_row() { row_begin.push_back(synapses.size()); }
};

/// A spike of an input channel.
struct InputSpike {
  std::uint32_t channel = 0;
  Offset time{};
};

}  // namespace chronotope::models
