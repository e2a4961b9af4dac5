// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>

#include "chronotope/core/error_function.hpp"
#include "chronotope/core/exponential.hpp"
#include "chronotope/models/search/gaussian_process.hpp"

namespace chronotope::models {

/// How much more than `best` a value is expected to be (Mockus 1975; Jones, Schonlau and Welch 1998):
///     E max(v - best, 0) = s (z Phi(z) + phi(z)),   z = (mean - best)/s.
inline double expected_improvement(const Prediction& value, double best) {
  if (!(value.sd > 0)) return value.mean > best ? value.mean - best : 0;
  constexpr double kRootOfTwoPi = 2.5066282746310002;
  const double z = (value.mean - best) / value.sd;
  const double below = erfc(-z / std::sqrt(2.0)) / 2;
  return value.sd * (z * below + exp(-z * z / 2) / kRootOfTwoPi);
}

}  // namespace chronotope::models
