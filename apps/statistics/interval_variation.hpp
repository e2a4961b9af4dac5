// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>

#include "chronotope/core/time.hpp"

namespace chronotope::apps {

/// CV(ISI): the standard deviation (divisor n) of a train's intervals over their mean (Elephant:
/// statistics.cv(statistics.isi(train))). 0 for a regular train, 1 for a long Poisson train. Nothing for
/// fewer than two intervals, which do not vary, or when all spikes coincide. Requires: ascending.
std::optional<double> interval_variation(std::span<const Time> train);

}  // namespace chronotope::apps
