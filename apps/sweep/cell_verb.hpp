// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "chronotope/apps/sweep/sweep_cells.hpp"

namespace chronotope::apps {

/// Options that are a sweep's to give to the verb that runs a cell, or that name one file for all cells.
const std::vector<std::string>& taken_options(const std::string& verb);

/// Takes the words behind "--", the verb that runs a cell and its options. Throws InputError when there are none,
/// for a verb that runs no cell and for options that are not its to give.
void read_cell_verb(const std::vector<std::string>& words, SweepRequest& request);

}  // namespace chronotope::apps
