// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

namespace chronotope::topology {

/// Spearman's correlation: Pearson's of the ranks, equal values sharing the mean of theirs. In [-1, 1]; NaN
/// when all values of one are equal. Requires: equally many, no NaN. O(n log n).
double spearman(std::span<const double> x, std::span<const double> y);

/// Kendall's tau-b: (concordant - discordant pairs) / sqrt(pairs untied in x * pairs untied in y). In
/// [-1, 1]; NaN when all values of one are equal. Requires: equally many, no NaN. O(n^2).
double kendall_tau_b(std::span<const double> x, std::span<const double> y);

}  // namespace chronotope::topology
