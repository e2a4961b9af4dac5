// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "chronotope/topology/distances/distance_matrix.hpp"
#include "chronotope/topology/homology/barcode.hpp"
#include "chronotope/topology/homology/cohomology.hpp"

namespace chronotope::topology {

/// Persistence of the flag complex of d whose objects are not there from the start: object i enters at
/// births[i], an edge of positive length at max(d(i, j), births[i], births[j]), one of length 0 with the
/// later of its ends, every larger simplex with its latest edge. With d = 0 on the edges of a graph and
/// infinite elsewhere it is the lower-star filtration of a function on the graph's vertices.
///
/// From degree 1 on the bars are those of the Vietoris-Rips filtration of the edges' values, because every
/// edge comes after its ends; in degree 0, at an edge that joins two components the one whose first object
/// came later dies (the elder rule). The filtration is computed on the ranks of its values, exact for any
/// births, negative ones included. Objects born after the threshold are left out.
/// Requires: a birth for every object. Throws InputError for a birth that is not finite, and what
/// `persistence` throws. Cost: that of `persistence`, and a sort of the n^2 values.
std::vector<Barcode> lower_star_persistence(const DistanceMatrix& d, std::span<const double> births,
                                            const PersistenceOptions& options = {});

}  // namespace chronotope::topology
