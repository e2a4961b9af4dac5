// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "chronotope/topology/distances/distance_matrix.hpp"
#include "chronotope/topology/distances/metric.hpp"
#include "chronotope/topology/homology/barcode.hpp"
#include "chronotope/topology/homology/spanning_tree.hpp"
#include "chronotope/topology/representation/point_cloud.hpp"

namespace chronotope::topology {

/// RTD-Lite (arXiv 2503.11910): what RTD sees of connectivity alone, from minimum spanning trees,
///     RTD-Lite(A -> B) = MST(w) - MST(min(w, w~)),   score = mean of both directions.
/// It bounds RTD from below; it is not a substitute for it: on growing numbers of clusters it falls where RTD
/// rises.
struct RtdLite {
  double mst_a = 0;    ///< total length of the tree of w
  double mst_b = 0;    ///< of w~
  double mst_min = 0;  ///< of min(w, w~)

  double ab() const { return mst_a - mst_min; }
  double ba() const { return mst_b - mst_min; }
  double score() const { return (mst_a + mst_b) / 2 - mst_min; }
};

RtdLite rtd_lite(const DistanceMatrix& w, const DistanceMatrix& w_tilde);

/// Minimum spanning trees of w, of w~ and of min(w, w~): all that RTD-Lite looks at.
struct LiteTrees {
  std::vector<TreeEdge> a;
  std::vector<TreeEdge> b;
  std::vector<TreeEdge> min;
};
LiteTrees lite_trees(const DistanceMatrix& w, const DistanceMatrix& w_tilde);

/// The same of clouds whose distances are divided by their units, without the matrices: O(n^2 d) time, O(n d)
/// memory, the same bits of every length. The trees of a and b may be grown on two threads.
/// Requires: equal sizes. Throws what `normalised` throws, with "A" or "B" in a DegenerateRepresentation.
LiteTrees lite_trees(const PointCloud& a, const PointCloud& b, Metric metric, Normalisation normalisation,
                     double q, bool concurrently = false);

RtdLite rtd_lite(const LiteTrees& trees);

/// The bars of the direction A -> B: for every edge e of the tree of min(w, w~), ascending, [c_e, t_e) with
/// t_e the longest edge that joins e's ends in the tree of w in which the earlier edges e have length 0.
/// Their lengths add up to ab(). O(n) times the length of paths in the tree, at most O(n^2).
Barcode lite_barcode(const std::vector<TreeEdge>& tree_of_w, const std::vector<TreeEdge>& tree_of_min);
Barcode lite_barcode(const DistanceMatrix& w, const DistanceMatrix& w_tilde);

/// SRTD-Lite = MST(max(w, w~)) - MST(min(w, w~)), one barcode for both directions.
double symmetric_lite(const DistanceMatrix& w, const DistanceMatrix& w_tilde);
Barcode symmetric_lite_barcode(const DistanceMatrix& w, const DistanceMatrix& w_tilde);

/// Max-Lite, one direction: the bars of MST(max(w, w~)) - MST(w~). The mean of both directions is
/// MST(max) - (MST(w) + MST(w~)) / 2, and RTD-Lite + Max-Lite = SRTD-Lite.
Barcode max_lite_barcode(const DistanceMatrix& w, const DistanceMatrix& w_tilde);

}  // namespace chronotope::topology
