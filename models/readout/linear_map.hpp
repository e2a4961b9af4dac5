// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace chronotope::models {

/// y = B'x + b: what a linear read-out has learnt.
struct LinearMap {
  std::size_t inputs = 0;
  std::size_t outputs = 0;
  std::vector<double> B;  ///< inputs x outputs, row-major
  std::vector<double> b;  ///< outputs

  /// Requires: x.size() == inputs.
  std::vector<double> operator()(std::span<const double> x) const {
    std::vector<double> y = b;
    for (std::size_t i = 0; i < inputs; ++i)
      for (std::size_t k = 0; k < outputs; ++k) y[k] += x[i] * B[i * outputs + k];
    return y;
  }
};

}  // namespace chronotope::models
