// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "chronotope/tests/bench/topology/child_process.hpp"
#include "chronotope/topology/distances/distance_matrix.hpp"
#include "chronotope/topology/homology/barcode.hpp"

namespace chronotope::bench {

/// A barcode by the `ripser` program and what the program cost, reading its input included.
struct RipserResult {
  topology::Barcode barcode;
  double cpu_seconds = 0;
  double peak_mb = 0;
};

/// One degree of the Vietoris-Rips complex of `d`, which is the highest it computes. The program keeps single
/// precision, so each distance is replaced by the rank of its value, which single precision holds exactly,
/// and the bars are mapped back: the result is exact in double precision.
RipserResult ripser_in_degree(std::size_t degree, const topology::DistanceMatrix& d);

/// [[0, w], [w, min(w, w~)]], whose degree-1 barcode is the cross-barcode.
topology::DistanceMatrix doubled_matrix(const topology::DistanceMatrix& w,
                                        const topology::DistanceMatrix& w_tilde);

}  // namespace chronotope::bench
