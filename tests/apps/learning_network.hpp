// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace chronotope::apps {

/// Plastic, with own delays and constants, a private drive, slow inputs and a list.
inline constexpr const char* kLearningNetwork = R"(
population { name: 'E' size: 40 exp_psc_lif { I_e: 300 tau_m { uniform { low: 8 high: 12 } } } }
population { name: 'I' size: 10 delta_lif { E_L: 0 V_th: 20 V_reset: 0 } }
input { name: 'drive' size: 40 poisson { rate: 2000 } }
input { name: 'slow' size: 10 poisson { rate: 80 } }
input { name: 'list' size: 2 spike_times { times: [3, 3, 40, 555] } }
projection { source: 'E' target: 'E' fixed_indegree { indegree: 8 } weight: 60 delay { uniform { low: 0.6 high: 4 } }
  pair_stdp { w_max: 120 tau_plus { gamma { mean: 20 cv: 0.5 } min: 1 } tau_minus { gamma { mean: 20 cv: 0.5 } min: 1 } } }
projection { source: 'E' target: 'I' fixed_indegree { indegree: 8 } weight: 2 delay: 1.5 short_term { U: 0.4 } }
projection { source: 'I' target: 'E' fixed_indegree { indegree: 4 } weight: -80 delay: 0.8 vogels_stdp { w_max: 300 } }
projection { source: 'drive' target: 'E' one_to_one {} weight: 30 delay { uniform { low: 1 high: 2 } } }
projection { source: 'slow' target: 'I' one_to_one {} weight: 9 delay: 1 }
projection { source: 'list' target: 'E' all_to_all {} weight: 200 delay: 1 }
)";

}  // namespace chronotope::apps
