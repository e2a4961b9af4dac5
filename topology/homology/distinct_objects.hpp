// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "chronotope/topology/distances/distance_matrix.hpp"

namespace chronotope::topology {

/// The objects without those that repeat an earlier one, ascending: objects are the same when their rows are
/// equal in a and in b. Nearly silent networks repeat themselves.
///
/// A repeated object stands at distance 0 from the first one in both matrices and is joined to whatever that
/// is joined to: at every scale the first one dominates it in the Vietoris-Rips complexes of a and of b, and
/// both retract onto the other objects. So no homology of either, nor of the inclusion of one into the other,
/// is changed when it is left out, and no bar of positive length.
///
/// Cost: a sort of rows that are compared as far as they agree; O(n log n) without repetitions.
/// Requires: equal sizes.
std::vector<std::size_t> distinct_objects(const DistanceMatrix& a, const DistanceMatrix& b);

}  // namespace chronotope::topology
