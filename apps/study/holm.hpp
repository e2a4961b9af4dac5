// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

namespace chronotope::apps {

/// Holm's step-down adjustment of the m p-values of one family (Holm 1979): with p_(1) <= .. <= p_(m),
///     adjusted p_(i) = max_{j <= i} min(1, (m - j + 1) p_(j)).
/// Rejecting what is below alpha keeps the probability of any wrong rejection below alpha, whatever the
/// dependence. A NaN is a hypothesis that was not tested: it stays NaN and does not count in m, as in R's
/// p.adjust. O(m log m).
std::vector<double> holm(std::span<const double> p);

}  // namespace chronotope::apps
