// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chronotope/apps/study/cell.hpp"

namespace chronotope::apps {

/// What a cell will take, by its first second.
struct CellEstimate {
  double seconds = 0;           // of one processor
  double shared_megabytes = 0;  // of memory that all cells share: the stimuli
  double megabytes = 0;         // of its own, while it runs
};

/// Builds the network and runs it for at most a second, writing nothing.
CellEstimate estimate(const PreparedCell& cell);

}  // namespace chronotope::apps
