// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "chronotope/tests/reference/real.hpp"

namespace chronotope::reference {

using RealVector = std::vector<Real>;
using RealMatrix = std::vector<RealVector>;

/// x of A x = y by elimination with the largest pivot. Requires: A is square and regular.
inline RealVector solution(RealMatrix A, RealVector y) {
  const std::size_t n = y.size();
  for (std::size_t k = 0; k < n; ++k) {
    std::size_t pivot = k;
    for (std::size_t i = k; i < n; ++i)
      if (abs(A[i][k]) > abs(A[pivot][k])) pivot = i;
    std::swap(A[k], A[pivot]);
    std::swap(y[k], y[pivot]);
    for (std::size_t i = k + 1; i < n; ++i) {
      const Real share = A[i][k] / A[k][k];
      for (std::size_t j = k; j < n; ++j) A[i][j] -= share * A[k][j];
      y[i] -= share * y[k];
    }
  }
  for (std::size_t k = n; k-- > 0;) {
    for (std::size_t j = k + 1; j < n; ++j) y[k] -= A[k][j] * y[j];
    y[k] /= A[k][k];
  }
  return y;
}

}  // namespace chronotope::reference
