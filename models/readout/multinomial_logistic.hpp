// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chronotope/models/readout/feature_table.hpp"
#include "chronotope/models/readout/linear_map.hpp"

namespace chronotope::models {

/// The gradient's norm at which a fit ends.
inline constexpr double kLogisticTolerance = 1e-8;

/// Multinomial logistic regression: the minimum of
///     f(B, b) = mean_i [log sum_k exp(z_ik) - z_i,c(i)] + lambda/2 |B|^2,   z_i = B'x_i + b,
/// with the intercepts free, reached when |grad f| <= 1e-8, so every |B - optimum| is at most 1e-8/lambda.
/// Newton's method; its linear systems by conjugate gradients with products of the Hessian (Nocedal & Wright
/// 2006, algorithm 7.1). A table wider than long is first turned to as many columns as rows, which changes
/// neither f nor the optimum. Deterministic.
/// Requires: classes are 0 .. C - 1, each of which occurs, C >= 1; lambda > 0. Throws Failure when rounding
/// keeps the gradient above 1e-8 (coordinates of very different size; standardise them).
/// O(n min(n, d) C) per conjugate step, tens to hundreds of which each of some ten Newton steps takes.
LinearMap multinomial_logistic(const FeatureTable& x, const Classes& classes, double lambda);

}  // namespace chronotope::models
