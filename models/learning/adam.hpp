// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>

#include "chronotope/core/exponential.hpp"

namespace chronotope::models {

/// The optimiser Adam (Kingma & Ba 2015, algorithm 1), one number at a time:
///
///   m = b1 m + (1 - b1) g,   v = b2 v + (1 - b2) g^2
///   theta -= rate [m/(1 - b1^n)]/[sqrt(v/(1 - b2^n)) + epsilon],   n = 1, 2, ...
struct Adam {
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;

  /// What all numbers share in step n.
  struct Correction {
    double m;
    double v;
  };
  Correction correction(std::uint64_t n) const {
    const auto steps = static_cast<double>(n);
    return {1 / (1 - pow(beta1, steps)), 1 / (1 - pow(beta2, steps))};
  }
  /// By how much theta falls, for a rate of 1. Updates m and v.
  double fall(const Correction& by, double gradient, double& m, double& v) const {
    m = beta1 * m + (1 - beta1) * gradient;
    v = beta2 * v + (1 - beta2) * gradient * gradient;
    return m * by.m / (std::sqrt(v * by.v) + epsilon);
  }
};

}  // namespace chronotope::models
