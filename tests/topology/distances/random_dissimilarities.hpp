// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <random>
#include <utility>
#include <vector>

#include "chronotope/topology/distances/distance_matrix.hpp"

namespace chronotope::topology {

/// Kinds of random pairs of matrices over the same objects, chosen so that ties, duplicates and absent edges
/// occur.
enum class Family { kUniform, kGaussian, kNearCopy, kGrid, kCounts, kRepeated, kInfinite, kAnyValues };
inline constexpr std::array kFamilies = {Family::kUniform,  Family::kGaussian, Family::kNearCopy,
                                         Family::kGrid,     Family::kCounts,   Family::kRepeated,
                                         Family::kInfinite, Family::kAnyValues};

inline PointCloud multiplied(const PointCloud& cloud, double factor) {
  std::vector<double> values(cloud.values().begin(), cloud.values().end());
  for (double& x : values) x *= factor;
  return {cloud.size(), cloud.dimension(), std::move(values)};
}

class RandomDissimilarities {
 public:
  explicit RandomDissimilarities(std::uint32_t seed) : bits_(seed) {}

  std::pair<DistanceMatrix, DistanceMatrix> pair(Family family, std::size_t n) {
    switch (family) {
      case Family::kUniform:
        return {points(n, 2, [&] { return uniform(); }), points(n, 2, [&] { return uniform(); })};
      case Family::kGaussian:
        return {points(n, 3, [&] { return normal(); }), points(n, 8, [&] { return normal(); })};
      case Family::kNearCopy:
        return near_copy(n);
      case Family::kGrid:
        return {points(n, 2, [&] { return below(4); }), points(n, 2, [&] { return below(4); })};
      case Family::kCounts:
        return {points(n, 4, [&] { return count(); }), points(n, 4, [&] { return count(); })};
      case Family::kRepeated:
        return {points(n, 1, [&] { return below(n / 2); }), points(n, 1, [&] { return below(n / 3 + 1); })};
      case Family::kInfinite:
        return {table(n, [&] { return sometimes_infinite(); }),
                table(n, [&] { return sometimes_infinite(); })};
      case Family::kAnyValues:
        return {table(n, [&] { return below(6); }), table(n, [&] { return below(6); })};
    }
    return {};
  }

  double uniform() { return static_cast<double>(bits_()) / 4294967296.0; }
  double below(std::size_t bound) { return static_cast<double>(bits_() % bound); }
  std::size_t between(std::size_t low, std::size_t high) { return low + bits_() % (high - low + 1); }
  double normal() {
    return std::sqrt(-2 * std::log(1 - uniform())) * std::cos(6.283185307179586 * uniform());
  }

  template <class Draw>
  PointCloud cloud(std::size_t n, std::size_t d, Draw draw) {
    std::vector<double> values(n * d);
    for (double& value : values) value = draw();
    return {n, d, std::move(values)};
  }

 private:
  double count() { return uniform() < 0.7 ? 0 : below(3); }
  double sometimes_infinite() {
    return uniform() < 0.3 ? std::numeric_limits<double>::infinity() : uniform();
  }

  template <class Draw>
  DistanceMatrix points(std::size_t n, std::size_t d, Draw draw) {
    return euclidean_distances(cloud(n, d, draw));
  }

  template <class Draw>
  DistanceMatrix table(std::size_t n, Draw draw) {
    std::vector<double> values(n * n, 0);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < i; ++j) values[i * n + j] = values[j * n + i] = draw();
    return {n, n, std::move(values)};
  }

  std::pair<DistanceMatrix, DistanceMatrix> near_copy(std::size_t n) {
    const PointCloud original = cloud(n, 3, [&] { return normal(); });
    std::vector<double> values;
    for (std::size_t i = 0; i < n; ++i)
      for (const double x : original.row(i)) values.push_back(x + 0.1 * normal());
    return {euclidean_distances(original), euclidean_distances(PointCloud(n, 3, std::move(values)))};
  }

  std::mt19937 bits_;
};

}  // namespace chronotope::topology
