// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chronotope/topology/homology/barcode.hpp"

namespace chronotope::topology {

// Distances of two barcodes of one degree, as sets of points (birth, death) in the plane: every bar is
// matched with one bar of the other side or with the nearest point of the diagonal. Between points the
// maximum norm, so a bar is length / 2 from the diagonal. Bars that never die are matched among themselves in
// the order of births; the distance is infinite when the numbers of them differ. (Edelsbrunner & Harer 2010,
// chapter VIII; GUDHI's bottleneck_distance, and its wasserstein_distance with internal_p = inf.)

/// The least, over all matchings, of the largest distance that a bar is moved. Exact: one of the distances
/// that occur. It moves by at most eps when every distance of the filtration does. Memory: 8 |a| |b| bytes.
/// Time: O(log(|a| + |b|)) matchings, each at worst O(|a| |b| (|a| + |b|)) and mostly far less.
double bottleneck_distance(const Barcode& a, const Barcode& b);

/// The least, over all matchings, of (sum of the distances^order)^(1 / order). 0 for equal barcodes, exactly.
/// Requires: order >= 1, finite. The bottleneck distance first, then the Hungarian algorithm,
/// O(|a| |b| min(|a|, |b|)); memory 8 |a| |b| bytes.
double wasserstein_distance(const Barcode& a, const Barcode& b, double order = 1);

}  // namespace chronotope::topology
