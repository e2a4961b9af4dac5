// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "chronotope/topology/distances/distance_matrix.hpp"

namespace chronotope::topology {

/// How far apart two rows u, v are:
///   euclidean    |u - v|
///   cosine       1 - u.v / (|u| |v|)
///   correlation  cosine of the rows minus their means
///   hamming      share of the coordinates in which they differ
/// A row without direction (all zeros; for correlation, constant) is at 0 from other such rows and at 1 from
/// all others.
enum class Metric { kEuclidean, kCosine, kCorrelation, kHamming };

std::string to_string(Metric metric);
/// Throws InputError that lists the names for any other.
Metric metric_of(const std::string& name);

/// Distances between rows. All are computed from differences (cosine as |u/|u| - v/|v||^2 / 2), so equal rows
/// are at distance exactly 0. O(n^2 d).
DistanceMatrix distances(const PointCloud& cloud, Metric metric);

/// The rows whose differences cosine and correlation measure: divided by their length, for correlation after
/// their mean was taken from them. A row without direction becomes zeros. Requires: one of the two metrics.
PointCloud directions(const PointCloud& cloud, Metric metric);

}  // namespace chronotope::topology
