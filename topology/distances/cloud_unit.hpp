// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chronotope/topology/distances/distance_matrix.hpp"
#include "chronotope/topology/distances/metric.hpp"
#include "chronotope/topology/distances/point_scan.hpp"
#include "chronotope/topology/representation/point_cloud.hpp"

namespace chronotope::topology {

/// The unit of normalised(distances(cloud, metric), normalisation, q), bit for bit and with its errors,
/// without the matrix. O(n^2 d) time, O(n d) memory. Requires: at least two points.
double unit_of_distances(const PointCloud& cloud, Metric metric, Normalisation normalisation, double q,
                         const PointScan& scan = point_scans().back());

}  // namespace chronotope::topology
