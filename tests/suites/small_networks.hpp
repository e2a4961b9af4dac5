// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace chronotope::tests {

// Twelve neurons that excite each other along plastic synapses and hear one train each: what differs is the
// model, the rule, the delays and the input, so that every kind of state is some network's.

inline const std::vector<std::string> kModels{
    "exp_psc_lif { I_e: 300 V_m { uniform { low: -70 high: -55 } } tau_m { uniform { low: 8 high: 12 } } }",
    "exp_psc_lif { I_e: 300 V_m { uniform { low: -70 high: -55 } } }",
    "delta_lif { E_L: 0 V_th: 20 V_reset: 0 V_m { uniform { low: 0 high: 20 } } refractory_input: KEEP }",
    "delta_lif { E_L: 0 V_th: 20 V_reset: 0 V_m { uniform { low: 0 high: 20 } } refractory_input: DISCARD }",
    "alpha_psc_lif { I_e: 300 }",
    "adaptive_current_lif { I_e: 600 }",
    "adaptive_threshold_lif { I_e: 600 }",
    "escape_noise_lif { I_e: 350 }",
    "quadratic_lif { I_e: 600 }",
    "linear_leak_lif { I_e: 300 }",
    "multi_receptor_lif { tau_syn: 2 tau_syn: 8 I_e: 300 }"};
inline const std::vector<std::string> kRules{
    "",
    "pair_stdp { w_max: 200 }",
    "pair_stdp { w_max: 200 tau_plus { gamma { mean: 20 cv: 0.5 } min: 1 } tau_minus { gamma { mean: 20 cv: 0.5 } min: 1 } }",
    "pair_stdp { w_max: 200 pairing: NEAREST_SYMMETRIC }",
    "triplet_stdp { w_max: 200 tau_x { gamma { mean: 20 cv: 0.5 } min: 1 } }",
    "vogels_stdp { w_max: 200 }",
    "short_term { U { uniform { low: 0.1 high: 0.9 } } tau_fac: 50 }",
    "short_term { U: 0.4 } pair_stdp { w_max: 200 }",
    "pair_stdp { w_max: 200 } dendritic_delay { uniform { low: 0.1 high: 0.5 } }",
    "pair_stdp { w_max: 200 } modulation { reward: 'r' }",
    "pair_stdp { w_max: 200 } scaling { interval: 7 target_sum: 500 }"};
inline const std::vector<std::string> kDelays{"delay: 1.5", "delay { uniform { low: 0.6 high: 4 } }"};
inline const std::vector<std::string> kInputs{"poisson { rate: 40 }",
                                              "poisson { rate: 2000 start: 9 stop: 61 }",
                                              "regular { interval { uniform { low: 3 high: 7 } } }",
                                              "spike_times { neuron: 1 times: [2, 2, 5, 11, 30, 61, 62] }"};

/// The specification, as textproto.
inline std::string network(const std::string& model, const std::string& rule, const std::string& delay,
                           const std::string& input) {
  const bool receptors = model.starts_with("multi");
  const std::string receptor = receptors ? " receptor: 1" : "";
  const std::string weight = model.starts_with("delta") ? "weight: 21 " : "weight: 120 ";
  return "seed: 5\npopulation { name: 'n' size: 12 " + model + " }\ninput { name: 'x' size: 12 " + input +
         " }\n" +
         (rule.find("reward") != std::string::npos
              ? "reward { name: 'r' population: 'n' amount: 0.1 delay: 3 }\n"
              : "") +
         "projection { source: 'n' target: 'n' fixed_indegree { indegree: 4 } " + weight + delay + " " +
         rule + receptor + " }\nprojection { source: 'x' target: 'n' one_to_one {} " + weight + delay +
         receptor + " }\n";
}

}  // namespace chronotope::tests
