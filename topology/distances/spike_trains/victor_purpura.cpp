// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/distances/spike_trains/victor_purpura.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace chronotope::topology {

double victor_purpura_distance(SpikeTrain a, SpikeTrain b, double q) {
  if (a.size() < b.size()) std::swap(a, b);
  std::vector<double> cost(b.size() + 1);  // of the spikes of `a` so far against each prefix of `b`
  for (std::size_t k = 0; k <= b.size(); ++k) cost[k] = static_cast<double>(k);
  for (std::size_t i = 0; i < a.size(); ++i) {
    double without_both = cost[0];
    cost[0] = static_cast<double>(i + 1);
    for (std::size_t k = 0; k < b.size(); ++k) {
      const double moved = without_both + q * std::abs(a[i] - b[k]);
      without_both = cost[k + 1];
      cost[k + 1] = std::min(moved, std::min(cost[k], cost[k + 1]) + 1);
    }
  }
  return cost.back();
}

}  // namespace chronotope::topology
