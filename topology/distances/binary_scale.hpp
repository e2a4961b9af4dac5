// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <span>

namespace chronotope::topology {

/// The power of two 2^e by which values are divided before they are squared, so that no square overflows or
/// vanishes: their largest magnitude comes to lie in [1, 2). Both ways are exact but for values that vanish
/// beside the largest, so a result has the same bits for values multiplied by any power of two.
///
/// e is held to [-1000, 1023], where 2^e and 2^-e are numbers: magnitudes below 2^-1000 come to lie below 1.
class BinaryScale {
 public:
  explicit BinaryScale(double largest_magnitude) {
    if (largest_magnitude == 0) return;
    const int e = std::max(std::ilogb(largest_magnitude), -1000);
    up_ = std::ldexp(1.0, e);
    down_ = std::ldexp(1.0, -e);
  }
  explicit BinaryScale(std::span<const double> values) : BinaryScale(largest_magnitude(values)) {}

  double down(double x) const { return x * down_; }
  double up(double x) const { return x * up_; }

  static double largest_magnitude(std::span<const double> values) {
    double largest = 0;
    for (const double x : values) largest = std::max(largest, std::abs(x));
    return largest;
  }

 private:
  double up_ = 1;
  double down_ = 1;
};

}  // namespace chronotope::topology
