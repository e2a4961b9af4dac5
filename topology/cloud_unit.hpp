// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "chronotope/topology/metric.hpp"
#include "chronotope/topology/point_cloud.hpp"
#include "chronotope/topology/point_scan.hpp"
#include "chronotope/topology/spanning_tree.hpp"

namespace chronotope {

/// The unit of normalised(distances(cloud, metric), normalisation, q), bit for bit and with its errors,
/// without the matrix. O(n^2 d) time, O(n d) memory. Requires: at least two points.
double unit_of_distances(const PointCloud& cloud, Metric metric, Normalisation normalisation, double q,
                         const PointScan& scan = point_scans().back());

/// Both at the cost of the tree alone, when the unit is a quantile or the median.
struct TreeAndUnit {
  std::vector<TreeEdge> tree;  ///< minimum_spanning_tree(cloud, metric), not divided by the unit
  double unit = 1;
};
TreeAndUnit spanning_tree_and_unit(const PointCloud& cloud, Metric metric, Normalisation normalisation,
                                   double q, const PointScan& scan = point_scans().back());

}  // namespace chronotope
