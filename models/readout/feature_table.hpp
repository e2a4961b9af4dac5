// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace chronotope::models {

/// The class of each example, 0 .. C - 1.
using Classes = std::vector<std::uint32_t>;

/// Numbers of examples, ascending.
using Rows = std::vector<std::size_t>;

/// n examples described by d numbers each, row-major.
class FeatureTable {
 public:
  FeatureTable() = default;
  /// Requires: values.size() == examples * dimension; all finite.
  FeatureTable(std::size_t examples, std::size_t dimension, std::vector<double> values)
      : examples_(examples), dimension_(dimension), values_(std::move(values)) {
    assert(values_.size() == examples_ * dimension_);
  }

  std::size_t size() const { return examples_; }
  std::size_t dimension() const { return dimension_; }
  std::span<const double> row(std::size_t i) const { return {values_.data() + i * dimension_, dimension_}; }
  std::span<const double> values() const { return values_; }

 private:
  std::size_t examples_ = 0;
  std::size_t dimension_ = 0;
  std::vector<double> values_;
};

}  // namespace chronotope::models
