// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chronotope/topology/barcode.hpp"
#include "chronotope/topology/distance_matrix.hpp"
#include "chronotope/topology/rank_scan.hpp"

namespace chronotope {

/// The degree-1 R-Cross-Barcode of two distance matrices over the same n objects (RTD, arXiv 2201.00058):
/// what is lost or added in homology when the Vietoris-Rips complex of w is included into that of m = min(w,
/// w~).
///
/// Definition: H1 of the mapping cone. On the n objects and an apex, a simplex s enters at its diameter in m,
/// apex * s at its diameter in w, the apex at 0. In degree 1 it equals the barcode of the flag complex of the
/// doubled matrix [[0, w], [w, m]] and of the paper's 2n + 1 form.
/// Every bar is born at m(e) and dies by w(e) of one edge e with w~(e) < w(e). A death is +inf only when
/// infinite entries of w keep the feature alive for ever.
///
/// Exact in double precision for any symmetric matrices: ties, duplicates and infinite entries included.
/// `scan` changes the speed, never a bit. Requires: equal sizes. Memory: 4 n^2 bytes of ranks, about 20 bytes
/// an edge, and what the reduction adds.
Barcode cross_barcode(const DistanceMatrix& w, const DistanceMatrix& w_tilde,
                      const RankScan& scan = rank_scans().back());

/// Both orders at once; they share the ranks of m.
struct CrossBarcodes {
  Barcode ab;  ///< w into min(w, w~)
  Barcode ba;  ///< w~ into min(w, w~)
};
CrossBarcodes cross_barcodes(const DistanceMatrix& w, const DistanceMatrix& w_tilde,
                             const RankScan& scan = rank_scans().back());

}  // namespace chronotope
