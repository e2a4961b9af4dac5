// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>

#include "chronotope/topology/divergence/resampling.hpp"

namespace chronotope::apps {

/// What is asked of a study that is to decide.
struct PowerDemand {
  double power = 0.9;   ///< probability of a decision
  double level = 0.05;  ///< of the one-sided test of D > 0: alpha, or alpha / layers before Holm's adjustment
  double inside = 0.95;       ///< level of the interval that must lie inside the margin
  topology::Interval margin;  ///< of D: what counts as no difference
  std::size_t fewest = 7;     ///< seeds that any decision needs
};

/// The smallest number S of seeds at which D, normal with this mean and standard deviation over seeds, is
/// decided with the power asked for, as distinct (one-sided Student test) or as the same (Student's interval
/// inside the margin, by two one-sided tests):
///     P(distinct) = P(T > t_{S-1, 1-level}),  T noncentral t with S - 1 degrees, offset mean sqrt(S) / sd;
///     P(same) >= P(T_low > t) + P(T_high > t) - 1,  t = t_{S-1, (1+inside)/2}, offsets
///                (mean - low) sqrt(S) / sd and (high - mean) sqrt(S) / sd.
/// The exact relabelling test is taken to have the Student test's power. Nothing when no number up to 100,000
/// does: mean below the margin (networks farther from each other than from the one in question), or at it.
/// Requires: sd >= 0; finite; fewest >= 3.
std::optional<std::size_t> deciding_seeds(double mean, double sd, const PowerDemand& demand);

}  // namespace chronotope::apps
