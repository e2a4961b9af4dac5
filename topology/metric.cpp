// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/metric.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace chronotope {

namespace {

constexpr std::array<std::pair<Metric, const char*>, 4> kNames = {{{Metric::kEuclidean, "euclidean"},
                                                                   {Metric::kCosine, "cosine"},
                                                                   {Metric::kCorrelation, "correlation"},
                                                                   {Metric::kHamming, "hamming"}}};

/// Every row divided by its length; a row of length 0 stays 0.
PointCloud directions(const PointCloud& cloud) {
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

DistanceMatrix cosine_distances(const PointCloud& cloud) {
  const PointCloud unit = directions(cloud);
  std::vector<bool> directed;
  for (std::size_t i = 0; i < unit.size(); ++i)
    directed.push_back(std::any_of(unit.row(i).begin(), unit.row(i).end(), [](double x) { return x != 0; }));
  const DistanceMatrix chords = euclidean_distances(unit);
  return DistanceMatrix::of_pairs(cloud.size(), [&](std::size_t i, std::size_t j) {
    if (directed[i] != directed[j]) return 1.0;
    return chords(i, j) * chords(i, j) / 2;
  });
}

DistanceMatrix hamming_distances(const PointCloud& cloud) {
  return DistanceMatrix::of_pairs(cloud.size(), [&](std::size_t i, std::size_t j) {
    std::size_t differing = 0;
    for (std::size_t c = 0; c < cloud.dimension(); ++c) differing += cloud(i, c) != cloud(j, c);
    return cloud.dimension() == 0 ? 0.0
                                  : static_cast<double>(differing) / static_cast<double>(cloud.dimension());
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

DistanceMatrix distances(const PointCloud& cloud, Metric metric) {
  switch (metric) {
    case Metric::kEuclidean:
      return euclidean_distances(cloud);
    case Metric::kCosine:
      return cosine_distances(cloud);
    case Metric::kCorrelation:
      return cosine_distances(without_means(cloud));
    case Metric::kHamming:
      return hamming_distances(cloud);
  }
  return {};
}

}  // namespace chronotope
