// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "chronotope/tests/bench/topology/child_process.hpp"
#include "chronotope/topology/barcode.hpp"
#include "chronotope/topology/distance_matrix.hpp"

namespace chronotope::bench {

/// A barcode by the `ripser` program and what the program cost, reading its input included.
struct RipserResult {
  Barcode barcode;  ///< degree 1
  double cpu_seconds = 0;
  double peak_mb = 0;
};

/// Degree 1 of the Vietoris-Rips complex of `d`. The program keeps single precision, so each distance is
/// replaced by the rank of its value, which single precision holds exactly, and the bars are mapped back: the
/// result is exact in double precision.
RipserResult ripser_degree_one(const DistanceMatrix& d);

/// [[0, w], [w, min(w, w~)]], whose degree-1 barcode is the cross-barcode.
DistanceMatrix doubled_matrix(const DistanceMatrix& w, const DistanceMatrix& w_tilde);

}  // namespace chronotope::bench
