// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <span>
#include <vector>

#include "chronotope/models/readout/feature_table.hpp"
#include "chronotope/models/readout/linear_map.hpp"

namespace chronotope::models {

/// The penalties that are tried.
inline constexpr std::array<double, 13> kRidgePenalties = {1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1,
                                                           1e1,  1e2,  1e3,  1e4,  1e5,  1e6};

/// Whether all targets share one penalty (the one with the least sum of errors) or each has its own.
enum class PenaltyPer { kAll, kTarget };

struct RidgeFit {
  LinearMap map;
  std::vector<double> lambda;  ///< per target
};

/// Ridge regression (Hoerl & Kennard 1970) of m targets on n examples: the minimum of
///     sum_i |y_i - B'x_i - b|^2 + lambda n |B|^2,   that is   B = (X'X + lambda n I)^-1 X'Y,
/// X and Y centred, the intercept b free; Y is n x m, row-major. One eigendecomposition of X'X or XX', the
/// smaller, serves all targets and penalties: O(n d min(n, d) + min(n, d)^3 + n min(n, d) m).
/// Requires: n >= 2, lambda > 0, y.size() == n m.
LinearMap ridge(const FeatureTable& x, std::span<const double> y, double lambda);

/// The penalty of kRidgePenalties with the least squared error of leave-one-out, the smallest of several.
RidgeFit ridge(const FeatureTable& x, std::span<const double> y, PenaltyPer choice);

/// Per target the sum over i of the squared error at example i when all but i are fitted, with the penalty
/// lambda n of all examples: exactly ((y_i - fit_i) / (1 - H_ii))^2 (Allen 1974), H the hat matrix with 1/n
/// of the intercept.
std::vector<double> ridge_leave_one_out(const FeatureTable& x, std::span<const double> y, double lambda);

}  // namespace chronotope::models
