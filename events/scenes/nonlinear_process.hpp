// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "chronotope/core/random_stream.hpp"

namespace chronotope::events {

/// Numbers on a ring whose edges are sharp, and Gaussian ones that can not be told from them by their covariance
/// (Ingrosso & Goldt 2022): a non-linear Gaussian process
///     x = erf(g z/sqrt(2))/sqrt(c),   c = (2/pi) asin(g^2/(1 + g^2)),
/// z ~ N(0, C) with C_ij = exp(-d_ij^2/l^2), d the distance of two sites around the ring. x has mean 0, variance 1
/// and the covariance
///     K_ij = 2/(pi c) asin(g^2 C_ij/(1 + g^2)).
/// Draws are made by the symmetric square roots of C and K. Where C is not quite positive, because the ring is short
/// for its length, what is negative is left out: below 0.2 % of the variance for l <= sites/5. The control's
/// covariance is that of what is drawn. Bits: those of exponential.hpp and error_function.hpp. Cost: sites^2 a draw.
class NonlinearProcess {
 public:
  /// Requires: sites >= 2, length > 0, gain > 0.
  NonlinearProcess(std::size_t sites, double length, double gain);

  std::size_t sites() const { return covariance_.size(); }
  std::vector<double> draw(RandomStream& random) const;          ///< x
  std::vector<double> draw_control(RandomStream& random) const;  ///< Gaussian, of covariance K
  /// K of two sites so far from each other around the ring. Requires: distance < sites().
  double covariance(std::size_t distance) const { return covariance_[distance]; }

 private:
  double gain_;
  double deviation_;                  // sqrt(c)
  std::vector<double> root_;          // first row of the root of C
  std::vector<double> covariance_;    // first row of K
  std::vector<double> control_root_;  // of the root of K
};

}  // namespace chronotope::events
