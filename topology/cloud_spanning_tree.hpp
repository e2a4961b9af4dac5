// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "chronotope/topology/metric.hpp"
#include "chronotope/topology/point_cloud.hpp"
#include "chronotope/topology/point_scan.hpp"
#include "chronotope/topology/spanning_tree.hpp"

namespace chronotope {

using TakeKeys = std::function<void(std::span<const double>)>;

/// A minimum spanning tree of the cloud's distances, without their matrix: edges and total length as of
/// minimum_spanning_tree(distances(cloud, metric)), where among equal lengths another choice may be made.
///
/// Prim, which asks for the distances from each point once: O(n^2 d) time, O(n d) memory.
/// `scan` changes the speed, never a bit. `take_keys`, if any, is given the keys of all pairs (see
/// remaining_points.hpp), each once, as they are made.
std::vector<TreeEdge> minimum_spanning_tree(const PointCloud& cloud, Metric metric,
                                            const PointScan& scan = point_scans().back(),
                                            const TakeKeys& take_keys = {});

}  // namespace chronotope
