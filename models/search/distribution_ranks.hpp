// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "chronotope/core/distribution.hpp"

namespace chronotope::models {

/// How many coordinates a distribution has as a place.
inline constexpr std::size_t kRanks = 16;

/// Whether values are compared as they are or by their logarithms.
enum class RankScale { kPlain, kLogarithm };

/// A distribution as a place in the plane of kRanks coordinates: sqrt(w_k) F^-1(Phi(z_k)), with the nodes z_k and
/// weights w_k of Gauss's quadrature under the normal density (Golub & Welsch 1969). On a line the Wasserstein-2
/// distance of two distributions is that of their quantile functions (Villani 2003, 2.18),
///     W^2 = integral over u in (0, 1) of (F^-1(u) - G^-1(u))^2,
/// so the Euclidean distance of two places is it: exactly for normal distributions and constants, whose quantiles
/// are polynomials of z. Bounds (min, max) are not looked at; explicit values count as equally likely.
/// Requires, for logarithms: constants, gamma or lognormal distributions above 0; values below 1e-300 count as it.
std::vector<double> distribution_ranks(const ParameterDistribution& distribution, RankScale scale);

}  // namespace chronotope::models
