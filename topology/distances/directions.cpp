// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/distances/directions.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

namespace chronotope::topology {

namespace {

/// Every row divided by its length; a row of length 0 stays 0.
PointCloud unit_rows(const PointCloud& cloud) {
  std::vector<double> values;
  for (std::size_t i = 0; i < cloud.size(); ++i) {
    double largest = 0;
    for (const double x : cloud.row(i)) largest = std::max(largest, std::abs(x));
    double squares = 0;
    for (const double x : cloud.row(i)) squares += largest > 0 ? (x / largest) * (x / largest) : 0;
    for (const double x : cloud.row(i)) values.push_back(largest > 0 ? x / largest / std::sqrt(squares) : 0);
  }
  return {cloud.size(), cloud.dimension(), std::move(values)};
}

PointCloud without_means(const PointCloud& cloud) {
  std::vector<double> values;
  for (std::size_t i = 0; i < cloud.size(); ++i) {
    const auto row = cloud.row(i);
    const bool constant = std::all_of(row.begin(), row.end(), [&](double x) { return x == row.front(); });
    double mean = 0;
    for (const double x : row) mean += x / static_cast<double>(row.size());
    for (const double x : row) values.push_back(constant ? 0 : x - mean);
  }
  return {cloud.size(), cloud.dimension(), std::move(values)};
}

}  // namespace

PointCloud directions(const PointCloud& cloud, Metric metric) {
  return unit_rows(metric == Metric::kCorrelation ? without_means(cloud) : cloud);
}

}  // namespace chronotope::topology
