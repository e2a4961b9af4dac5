// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

#include "chronotope/core/exponential.hpp"

namespace chronotope::models {

/// How the size of a change depends on the weight's magnitude w, within hard bounds (Guetig et al. 2003), s =
/// w_max - w_min:
///   potentiation by a: w + a s ((w_max - w)/s)^mu_plus,   depression by a: w - a s ((w - w_min)/s)^mu_minus
/// mu 0 is the additive rule, mu 1 the multiplicative one. The only place where weights are clipped.
struct WeightDependence {
  double w_min;
  double w_max;  // > w_min
  double mu_plus;
  double mu_minus;

  /// Requires: w_min <= w <= w_max, amount >= 0; the result lies there too.
  double potentiate(double w, double amount) const {
    return std::min(w_max, w + amount * (w_max - w_min) * power((w_max - w) / (w_max - w_min), mu_plus));
  }
  double depress(double w, double amount) const {
    return std::max(w_min, w - amount * (w_max - w_min) * power((w - w_min) / (w_max - w_min), mu_minus));
  }

 private:
  static double power(double base, double mu) {
    if (mu == 0) return 1;
    return mu == 1 ? base : pow(base, mu);
  }
};

}  // namespace chronotope::models
