// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace chronotope::reference {

/// A network on a grid, its items and its loss: everything a surrogate gradient depends on.
struct SurrogateCase {
  using Number = long double;
  struct Neuron {
    Number tau_m, C_m, E_L, V_th, V_reset, t_ref, I_e, V_m, tau_syn[2];
  };
  struct Synapse {
    bool from_channel;
    std::size_t source, target, receptor;
    Number weight, delay;
  };
  struct Item {
    std::vector<std::pair<std::size_t, double>> spikes;  // channel, time [ms]
    std::size_t label;
    std::vector<std::pair<std::size_t, double>> target{};  // neuron, time [ms]: of van_rossum
  };

  Number dt;
  std::size_t steps;
  Number beta;
  std::vector<Neuron> neurons;
  std::vector<Synapse> synapses;
  std::vector<Item> batch;
  std::string loss = "max";  // mean, last, count, discounted_count, first_spike, van_rossum
  Number scale = 1, tau_l = 5;
  std::vector<std::size_t> outputs;  // neuron of every class
  Number c1 = 0, n_hi = 0, c2 = 0, n_lo = 0;
  std::vector<std::vector<Number>> W_o{};  // [class][neuron]
  Number tau_o = 20, tau_syn_o = 5;
  std::vector<Number> delta{};  // of the surrogate, by neuron; empty: |V_th - E_L|
};

struct SurrogateGradients {
  using Number = SurrogateCase::Number;
  std::vector<Number> weight, tau_m, C_m, E_L, V_th, V_reset, I_e, tau_syn[2];
  std::vector<std::vector<Number>> W_o;
};

struct SurrogateOutcome {
  using Number = SurrogateCase::Number;
  using Masks = std::vector<std::vector<std::vector<char>>>;  // [item][step][neuron], m of every step
  Number loss = 0;
  std::vector<std::vector<Number>> logits;                               // [item][class]
  std::vector<std::vector<std::pair<std::size_t, std::size_t>>> spikes;  // of the item: step, neuron
  SurrogateGradients gradient;
  Masks masks;
};

/// The recursions written out, one number after the other. Smooth: a spike is m u/(1 + beta |u|) and the
/// reset is differentiated, so that the gradient is a true one; the refractory masks are then those given, or
/// those of the hard network.
SurrogateOutcome surrogate_reference(const SurrogateCase& network, bool smooth = false,
                                     const SurrogateOutcome::Masks* masks = nullptr);

}  // namespace chronotope::reference
