// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace chronotope::models {

/// One number for everything in a network that a gradient can be taken by. The same columns hold the values
/// themselves, a gradient [1/unit] and what an optimiser remembers.
struct NetworkParameters {
  std::vector<double> weight;   // [pA], by synapse
  std::vector<double> delay;    // [ms], by synapse
  std::vector<double> tau_m;    // [ms], by neuron; its derivative is the one at constant C_m
  std::vector<double> C_m;      // [pF]
  std::vector<double> E_L;      // [mV]; its derivative is the one at constant V_m
  std::vector<double> V_th;     // [mV]; infinite: the neuron never fires
  std::vector<double> V_reset;  // [mV]
  std::vector<double> t_ref;    // [ms]
  std::vector<double> I_e;      // [pA]
  std::vector<double> V_m;      // at the begin of every item [mV]
  std::vector<double> tau_syn;  // [ms], [receptor][neuron]
  std::vector<double> W_o;      // [output][neuron], of a leaky read-out; else empty

  /// Columns of the same lengths, all 0.
  NetworkParameters zeros() const {
    NetworkParameters like = *this;
    like.for_each([](std::vector<double>& column) { column.assign(column.size(), 0); });
    return like;
  }
  /// Calls `visit` with every column, in the order above.
  template <class Visit>
  void for_each(Visit visit) {
    for (std::vector<double>* column :
         {&weight, &delay, &tau_m, &C_m, &E_L, &V_th, &V_reset, &t_ref, &I_e, &V_m, &tau_syn, &W_o})
      visit(*column);
  }
};

/// dL/dtau_m at constant R = tau_m/C_m, where C_m moves along, from the derivatives at constant C_m and at
/// constant tau_m.
inline double at_constant_resistance(double d_tau_m, double d_C_m, double tau_m, double C_m) {
  return d_tau_m + C_m / tau_m * d_C_m;
}

/// A network as the methods of learning see it: leaky integrate-and-fire neurons with exponential currents,
///
///   C_m dV/dt = -(C_m/tau_m) (V - E_L) + I_e + sum_s I_s,   dI_s/dt = -I_s/tau_syn_s,
///
/// an arrival adds its weight to the current of its receptor; V >= V_th: spike, V = V_reset for t_ref.
///
/// Invariants: synapses are in the order of projections, inside a projection in that of SynapseIds. A
/// receptor that a neuron does not have has a time constant all the same, and no synapse.
struct TrainedNetwork {
  std::uint32_t neurons = 0;
  std::uint32_t channels = 0;         // of all inputs, one after the other
  std::uint32_t receptors = 0;        // the most that a neuron has
  std::vector<std::uint32_t> source;  // of every synapse: a neuron, or `neurons` + a channel
  std::vector<std::uint32_t> target;
  std::vector<std::uint8_t> receptor;
  NetworkParameters parameters;

  bool from_channel(std::size_t synapse) const { return source[synapse] >= neurons; }
  std::uint32_t outputs() const {
    return neurons == 0 ? 0 : static_cast<std::uint32_t>(parameters.W_o.size() / neurons);
  }
};

}  // namespace chronotope::models
