// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "chronotope/topology/divergence/resampling.hpp"

namespace chronotope::apps {

/// Mean of independent values and what is known of its expectation.
struct MeanInterval {
  std::size_t count = 0;
  double mean = 0;
  std::optional<double> sd;                    ///< sample standard deviation, of two values or more
  std::optional<topology::Interval> interval;  ///< of three values or more
};

/// Student's interval, mean +- t_{n-1, (1 + level)/2} sd / sqrt(n). Two values have one, but it is so wide
/// (t = 12.7 at level 0.95) that it says nothing, so it is left out.
/// Requires: at least one value, all finite; 0 < level < 1.
MeanInterval mean_interval(std::span<const double> values, double level = 0.95);

}  // namespace chronotope::apps
