// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace chronotope::apps {

/// How a process ended.
struct Ending {
  int code = 0;         // of exit, or 128 and the signal
  std::string message;  // the last line it wrote on standard error
};

/// Runs this very program with other words, as a process of its own: what it takes in memory goes with it,
/// and if it dies the others live on. Its standard output is dropped. An interrupt of this process
/// (the caller keeps an Interrupt alive) is passed on, and waited for.
///
/// `log` gets its standard error, and is removed afterwards. `inherited`: a descriptor that stays open in it.
Ending run_program(const std::vector<std::string>& words, const std::filesystem::path& log, int inherited);

}  // namespace chronotope::apps
