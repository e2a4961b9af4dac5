// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "chronotope/core/exchange.hpp"

namespace chronotope::apps {

/// The ranks this process was started among (mpirun), or null when it is alone. Once per process. When a rank does not
/// come to a call within the patience of the others, one of them says so and all are ended. Throws InputError when
/// there are several and the program was built without MPI (CHRONOTOPE_MPI). Environment: CHRONOTOPE_RANK_PATIENCE,
/// the patience in seconds (600).
std::unique_ptr<Exchange> join_ranks();

}  // namespace chronotope::apps
