// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "chronotope/topology/divergence/resampling.hpp"

namespace chronotope::apps {

/// Clopper & Pearson's interval (1934) of the probability behind `hits` of `trials`: low is the p at which so
/// many hits or more have probability (1 - level)/2, high the p at which so many or fewer do. It holds p at
/// least as often as it says when the trials are independent; those on the recordings of few speakers are
/// not quite. Requires: hits <= trials, trials >= 1; 0 < level < 1.
topology::Interval binomial_interval(std::size_t hits, std::size_t trials, double level = 0.95);

}  // namespace chronotope::apps
