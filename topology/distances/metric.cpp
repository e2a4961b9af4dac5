// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/distances/metric.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "chronotope/topology/distances/remaining_points.hpp"

namespace chronotope::topology {

namespace {

constexpr std::array<std::pair<Metric, const char*>, 4> kNames = {{{Metric::kEuclidean, "euclidean"},
                                                                   {Metric::kCosine, "cosine"},
                                                                   {Metric::kCorrelation, "correlation"},
                                                                   {Metric::kHamming, "hamming"}}};

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

std::string to_string(Metric metric) {
  for (const auto& [value, name] : kNames)
    if (value == metric) return name;
  return "";
}

Metric metric_of(const std::string& name) {
  std::string all;
  for (const auto& [value, known] : kNames) {
    if (name == known) return value;
    all += (all.empty() ? "" : ", ") + std::string(known);
  }
  throw InputError("metric: " + name + " is not allowed (must be one of " + all + ")");
}

PointCloud directions(const PointCloud& cloud, Metric metric) {
  return unit_rows(metric == Metric::kCorrelation ? without_means(cloud) : cloud);
}

DistanceMatrix distances(const PointCloud& cloud, Metric metric) {
  return metric == Metric::kEuclidean ? euclidean_distances(cloud) : distances_by_keys(cloud, metric);
}

}  // namespace chronotope::topology
