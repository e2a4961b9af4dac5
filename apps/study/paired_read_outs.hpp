// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "chronotope/apps/study/cell_accuracy.hpp"
#include "chronotope/apps/study/cell_runs.hpp"
#include "chronotope/proto/study.pb.h"

namespace chronotope::apps {

/// Every condition that learns beside the same one untrained, if there is one, by every code and read-out that has a
/// score in all wirings. `tables` holds what network_accuracy() says of each cell, the codes in one order.
std::vector<StudyPairedTest> paired_read_outs(const std::vector<CellState>& cells,
                                              const std::vector<std::vector<ScoredReadOut>>& tables);

}  // namespace chronotope::apps
