// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdlib>

namespace chronotope::apps {

/// The first of these variables that MPI's starters have set for their processes, or `alone`.
inline unsigned long told_by_starter(const std::array<const char*, 3>& variables, unsigned long alone) {
  for (const char* variable : variables)
    if (const char* text = std::getenv(variable)) return std::strtoul(text, nullptr, 10);
  return alone;
}
/// Among how many ranks this process was started; 1 when nobody did.
inline unsigned long started_ranks() {
  return told_by_starter({"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "MPI_LOCALNRANKS"}, 1);
}
/// Which of them it is.
inline unsigned long started_rank() {
  return told_by_starter({"OMPI_COMM_WORLD_RANK", "PMI_RANK", "MPI_LOCALRANKID"}, 0);
}

}  // namespace chronotope::apps
