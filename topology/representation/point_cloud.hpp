// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cassert>
#include <cmath>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "chronotope/core/error.hpp"

namespace chronotope::topology {

/// n points of dimension d: row i is object (stimulus) i, row-major doubles. Copies share the values.
///
/// Invariant: every coordinate is finite. Throws InputError naming row and column (counted from 0) otherwise.
class PointCloud {
 public:
  PointCloud() = default;

  /// Requires: values.size() == points * dimension.
  PointCloud(std::size_t points, std::size_t dimension, std::vector<double> values)
      : PointCloud(std::make_shared<const std::vector<double>>(std::move(values)), points, dimension) {}

  /// A cloud of values that are somebody else's. Requires: they outlive it and its copies, and stay as they are.
  static PointCloud view(std::size_t points, std::size_t dimension, std::span<const double> values) {
    return {nullptr, points, dimension, values};
  }

  std::size_t size() const { return points_; }
  std::size_t dimension() const { return dimension_; }
  std::span<const double> row(std::size_t i) const { return {values_.data() + i * dimension_, dimension_}; }
  /// All rows, one after the other.
  std::span<const double> values() const { return values_; }
  double operator()(std::size_t i, std::size_t c) const { return values_[i * dimension_ + c]; }

 private:
  using Owned = std::shared_ptr<const std::vector<double>>;

  PointCloud(const Owned& owned, std::size_t points, std::size_t dimension)
      : PointCloud(owned, points, dimension, *owned) {}
  PointCloud(Owned owned, std::size_t points, std::size_t dimension, std::span<const double> values)
      : points_(points), dimension_(dimension), owned_(std::move(owned)), values_(values) {
    assert(values_.size() == points_ * dimension_);
    for (std::size_t k = 0; k < values_.size(); ++k)
      if (!std::isfinite(values_[k])) refuse(k);
  }

  [[noreturn]] void refuse(std::size_t k) const {
    throw InputError("coordinate at row " + std::to_string(k / dimension_) + ", column " +
                     std::to_string(k % dimension_) + " (from 0): " + chronotope::to_string(values_[k]) +
                     " is not allowed (must be finite)");
  }

  std::size_t points_ = 0;
  std::size_t dimension_ = 0;
  Owned owned_;  // null: they are somebody else's
  std::span<const double> values_;
};

/// The points `rows` of a cloud, in that order.
inline PointCloud restricted(const PointCloud& cloud, std::span<const std::size_t> rows) {
  std::vector<double> values;
  values.reserve(rows.size() * cloud.dimension());
  for (const std::size_t i : rows) values.insert(values.end(), cloud.row(i).begin(), cloud.row(i).end());
  return {rows.size(), cloud.dimension(), std::move(values)};
}

}  // namespace chronotope::topology
