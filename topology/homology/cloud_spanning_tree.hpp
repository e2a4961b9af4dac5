// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "chronotope/topology/distances/metric.hpp"
#include "chronotope/topology/distances/point_scan.hpp"
#include "chronotope/topology/homology/spanning_tree.hpp"
#include "chronotope/topology/representation/point_cloud.hpp"

namespace chronotope::topology {

/// A minimum spanning tree of the cloud's distances, without their matrix: edges and total length as of
/// minimum_spanning_tree(distances(cloud, metric)), where among equal lengths another choice may be made.
///
/// Prim, which looks from each point at all the others once: at coordinates rounded to 16 bits, and at the
/// exact ones where these do not suffice. O(n^2 d) time, O(n d) memory. `scan` changes the speed, never a
/// bit.
std::vector<TreeEdge> minimum_spanning_tree(const PointCloud& cloud, Metric metric,
                                            const PointScan& scan = point_scans().back());

}  // namespace chronotope::topology
