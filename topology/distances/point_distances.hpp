// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chronotope/topology/distances/distance_matrix.hpp"
#include "chronotope/topology/distances/metric.hpp"
#include "chronotope/topology/representation/point_cloud.hpp"

namespace chronotope::topology {

/// Distances between rows. All are computed from differences (cosine as |u/|u| - v/|v||^2 / 2), so equal rows
/// are at distance exactly 0. O(n^2 d).
DistanceMatrix distances(const PointCloud& cloud, Metric metric);

}  // namespace chronotope::topology
