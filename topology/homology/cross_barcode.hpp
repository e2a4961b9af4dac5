// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "chronotope/topology/distances/distance_matrix.hpp"
#include "chronotope/topology/distances/rank_scan.hpp"
#include "chronotope/topology/homology/barcode.hpp"
#include "chronotope/topology/homology/edge_ranks.hpp"

namespace chronotope::topology {

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
/// an edge, and what the reduction adds, where n counts objects that are repeated in both matrices once
/// (distinct_objects.hpp).
Barcode cross_barcode(const DistanceMatrix& w, const DistanceMatrix& w_tilde,
                      const RankScan& scan = rank_scans().back());

/// Both orders at once; they share the ranks of m, and may be reduced on two threads.
struct CrossBarcodes {
  Barcode ab;  ///< w into min(w, w~)
  Barcode ba;  ///< w~ into min(w, w~)
};
CrossBarcodes cross_barcodes(const DistanceMatrix& w, const DistanceMatrix& w_tilde,
                             const RankScan& scan = rank_scans().back(), bool concurrently = false);

/// Degree 1 of the Vietoris-Rips filtration of d over Z/2, by the same reduction: without the apex, and
/// without the columns of the edges that join components.
Barcode rips_degree_one(const DistanceMatrix& d, const RankScan& scan = rank_scans().back());

/// A bar and the two pairs of objects whose distances it hangs on: birth = min(w, w~)(born); death = min(w,
/// w~)(dies) when a triangle ends the feature, w(dies) when a cell of the apex does. `dies` has no meaning
/// for a bar that never dies.
struct PairedBar {
  Bar bar;
  Edge born{};
  Edge dies{};
  /// The third corner of the triangle that ends it; kApex when a cell of the apex does, or nothing.
  std::uint32_t opposite = kApex;

  static constexpr std::uint32_t kApex = std::numeric_limits<std::uint32_t>::max();
};

/// The bars of cross_barcode(w, w~) with their pairs, in the order of the barcode; among all objects,
/// repeated or not.
std::vector<PairedBar> paired_bars(const DistanceMatrix& w, const DistanceMatrix& w_tilde);

/// The same, bars of length 0 among them: the pairs that the reduction finds beyond those that are seen at
/// once (representative_cycles.hpp).
std::vector<PairedBar> reduced_pairs(const DistanceMatrix& w, const DistanceMatrix& w_tilde);

}  // namespace chronotope::topology
