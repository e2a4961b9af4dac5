// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "chronotope/topology/distances/distance_matrix.hpp"

namespace chronotope::topology {

/// A Vietoris-Rips complex and a cone over it, given by two matrices of the same n objects: a simplex s
/// enters at its diameter in `base`, apex * s at its diameter in `cone`, the edge from the apex to object i
/// at apex[i]. Not a flag complex: a triangle of the apex may enter later than its edges.
///
/// Requires: base <= cone; apex[i], apex[j] <= cone(i, j); apex is empty (all 0) or has n entries. The apex
/// is the last vertex, n.
struct ConedDistances {
  const DistanceMatrix& base;
  const DistanceMatrix& cone;
  std::vector<double> apex = {};
};

/// From this scale on some object is joined to all others and to the apex, by every simplex there is: nothing
/// is born or alive beyond it in degree >= 1, and all is connected.
double enclosing_radius(const ConedDistances& distances);

}  // namespace chronotope::topology
