// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/homology/coned_distances.hpp"

#include "chronotope/topology/homology/vietoris_rips.hpp"

namespace chronotope::topology {

double enclosing_radius(const ConedDistances& distances) {
  if (distances.base.size() == 1 && !distances.apex.empty()) return distances.apex.front();
  return enclosing_radius(distances.cone);
}

}  // namespace chronotope::topology
