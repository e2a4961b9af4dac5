// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

#include "chronotope/core/checkpoint.hpp"
#include "chronotope/topology/divergence/sampling.hpp"

namespace chronotope::topology {

struct Interval {
  double low = 0;
  double high = 0;
};

/// The quantiles (1 - level)/2 and (1 + level)/2 of the values, linearly interpolated. Requires: at least
/// one.
Interval central_interval(std::span<const double> values, double level);

/// Bootstrap percentile interval of the mean: the central interval of the means of `resamples` draws with
/// replacement. `check` is called before each of them. Requires: at least one value.
Interval bootstrap_interval(
    std::span<const double> values, double level, std::size_t resamples, NumpyRandom& random,
    const Checkpoint& check = [] {});

}  // namespace chronotope::topology
