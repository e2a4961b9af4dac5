// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/distances/point_distances.hpp"

#include <cstddef>
#include <vector>

#include "chronotope/topology/distances/remaining_points.hpp"

namespace chronotope::topology {

namespace {

/// Row by row, from the point of each row to those after it.
DistanceMatrix distances_by_keys(const PointCloud& cloud, Metric metric) {
  RemainingPoints points(cloud, metric);
  std::vector<double> keys(points.padded_size());
  return DistanceMatrix::of_pairs(cloud.size(), [&](std::size_t i, std::size_t j) {
    if (j == i + 1) {
      points.look_from(i);
      points.keys(keys, j / RemainingPoints::kBlock);
    }
    return points.distance(keys[j]);
  });
}

}  // namespace

DistanceMatrix distances(const PointCloud& cloud, Metric metric) {
  return metric == Metric::kEuclidean ? euclidean_distances(cloud) : distances_by_keys(cloud, metric);
}

}  // namespace chronotope::topology
