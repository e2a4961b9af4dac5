// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "chronotope/topology/divergence/resampling.hpp"

namespace chronotope::topology {

/// Do two groups of models differ more from each other than among themselves? Over all pairs of models,
///     T = mean between the groups - (mean within A + mean within B) / 2,
///     p = share of relabellings of the models, the given one included, whose T is not smaller,
/// all C(2S, S) of them for S <= 6 models a group, else 10,000 random ones; and the bootstrap interval of T
/// over the models of each group (a model drawn twice is no pair with itself).
struct Distinctness {
  double statistic = 0;
  double p = 1;
  double smallest_p = 1;  ///< what p can reach with so few models
  Interval interval;
};

/// `scores` is a symmetric table, row-major, of the 2 * group models: those of A first.
/// Requires: group >= 2. Throws nothing; O(relabellings * group^2).
Distinctness distinctness(std::span<const double> scores, std::size_t group, double level,
                          std::size_t resamples, std::uint32_t seed);

}  // namespace chronotope::topology
