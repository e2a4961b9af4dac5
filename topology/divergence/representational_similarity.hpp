// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chronotope/topology/distances/distance_matrix.hpp"

namespace chronotope::topology {

/// Representational similarity analysis (Kriegeskorte et al. 2008): Spearman's correlation of the distances
/// d(i, j) and d~(i, j) over the pairs i < j of objects. In [-1, 1], 1 for distances and any increasing
/// transform of them; NaN, undefined, when all distances of one are equal. Requires: equal sizes.
/// O(n^2 log n).
double representational_similarity(const DistanceMatrix& d, const DistanceMatrix& d_tilde);

}  // namespace chronotope::topology
