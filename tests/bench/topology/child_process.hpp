// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace chronotope::bench {

/// What a program that ran to its end printed and cost.
struct ChildResult {
  std::string output;
  double cpu_seconds = 0;  ///< user and system
  double peak_mb = 0;      ///< largest resident set
};

/// Runs a program, found along PATH, with these words and waits for it. Throws Failure when it cannot be
/// started or does not exit with 0.
ChildResult run_child(const std::vector<std::string>& words);

}  // namespace chronotope::bench
