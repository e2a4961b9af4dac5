// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "chronotope/apps/sweep/sweep_cells.hpp"
#include "chronotope/core/time.hpp"

namespace chronotope::apps {

/// What the finished cells of a sweep have become, as a tidy CSV: a row for each population of each cell, in
/// the order of the cells, with the values of what was varied, the seed, and the figures of
/// docs/statistics.md over [from, end of the run); of trained cells also the loss and accuracies of the last
/// epoch. It depends on the streams alone, so shards give what one run gives, byte for byte.
/// Errors: InputError for a stream that can not be read, or is not longer than `from`.
std::string sweep_table(const SweepRequest& request, const std::vector<SweepCell>& cells,
                        const std::filesystem::path& folder, Time from);

}  // namespace chronotope::apps
