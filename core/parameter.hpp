// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "chronotope/core/id.hpp"

namespace chronotope {

/// A parameter that all entities share or that each has its own value of, read alike and without a branch:
/// p[id]. Memory: one value when shared.
template <class Id, class T = double>
class Parameter {
 public:
  Parameter() : Parameter(T{}) {}
  /// Shared by all.
  explicit Parameter(T value) : values_{value}, mask_(0) {}
  /// One value per entity. Of none, a value of nobody's stands for all: p[0] is always there.
  explicit Parameter(std::vector<T> values) : values_(std::move(values)), mask_(~std::size_t{0}) {
    if (values_.empty()) *this = Parameter(T{});
  }

  const T& operator[](Id id) const { return values_[index(id) & mask_]; }
  bool is_shared() const { return mask_ == 0; }
  /// The one shared value, or all.
  std::span<T> values() { return values_; }
  std::span<const T> values() const { return values_; }

 private:
  std::vector<T> values_;
  std::size_t mask_;  // 0 sends every index to the one shared value
};

}  // namespace chronotope
