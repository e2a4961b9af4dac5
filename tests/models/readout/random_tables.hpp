// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "chronotope/models/readout/feature_table.hpp"

namespace chronotope::models {

/// Tables of normal numbers and random classes.
class RandomTables {
 public:
  explicit RandomTables(std::uint32_t seed) : bits_(seed) {}

  std::vector<double> numbers(std::size_t count) {
    std::vector<double> x(count);
    for (double& value : x) value = normal_(bits_);
    return x;
  }
  FeatureTable table(std::size_t n, std::size_t d) { return {n, d, numbers(n * d)}; }

  /// Each of `count` classes at least once. Requires: n >= count.
  Classes classes(std::size_t n, std::uint32_t count) {
    Classes classes;
    for (std::uint32_t k = 0; k < count; ++k) classes.push_back(k);
    while (classes.size() < n) classes.push_back(bits_() % count);
    return classes;
  }

  /// Normal clouds around a centre per class.
  FeatureTable clouds(const Classes& classes, std::size_t d, double separation) {
    std::vector<double> values;
    for (const std::uint32_t cls : classes)
      for (std::size_t c = 0; c < d; ++c) values.push_back(normal_(bits_) + (c == cls % d ? separation : 0));
    return {classes.size(), d, std::move(values)};
  }

 private:
  std::mt19937 bits_;
  std::normal_distribution<double> normal_;
};

}  // namespace chronotope::models
