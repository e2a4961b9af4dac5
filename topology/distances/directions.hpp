// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chronotope/topology/distances/metric.hpp"
#include "chronotope/topology/representation/point_cloud.hpp"

namespace chronotope::topology {

/// The rows whose differences cosine and correlation measure: divided by their length, for correlation after
/// their mean was taken from them. A row without direction becomes zeros. Requires: one of the two metrics.
PointCloud directions(const PointCloud& cloud, Metric metric);

}  // namespace chronotope::topology
