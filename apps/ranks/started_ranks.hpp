// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdlib>

namespace chronotope::apps {

/// Among how many ranks this process was started, as MPI's starters tell their processes; 1 when nobody did.
inline unsigned long started_ranks() {
  constexpr std::array kVariables{"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "MPI_LOCALNRANKS"};
  for (const char* variable : kVariables)
    if (const char* text = std::getenv(variable)) return std::strtoul(text, nullptr, 10);
  return 1;
}

}  // namespace chronotope::apps
