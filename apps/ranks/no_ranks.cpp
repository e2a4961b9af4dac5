// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "chronotope/apps/ranks/join_ranks.hpp"
#include "chronotope/apps/ranks/started_ranks.hpp"

namespace chronotope::apps {

std::unique_ptr<Exchange> join_ranks() {
  if (started_ranks() > 1 && started_rank() > 0) throw InputError("");  // rank 0 says why
  if (started_ranks() > 1)
    throw InputError(
        "started as one of " + std::to_string(started_ranks()) +
        " ranks, but this program was built without MPI (cmake -DCHRONOTOPE_MPI=ON, docs/ranks.md)");
  return nullptr;
}

}  // namespace chronotope::apps
