// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "chronotope/apps/options/option.hpp"

namespace chronotope::apps {

/// One of `count` equal parts of a list of independent cells, counted from 0: every count-th cell, so that
/// parts are alike whatever the cells cost. The parts of one list are disjoint and together the whole.
struct Shard {
  std::size_t index = 0;
  std::size_t count = 1;

  bool has(std::size_t cell) const { return cell % count == index; }
  bool is_all() const { return count == 1; }
};

/// --shard I/N.
Option shard_option();

/// Reads "I/N". Throws InputError unless 0 <= I < N.
Shard read_shard(const std::string& text);

/// The shard that a Slurm job array has given this process by SLURM_ARRAY_TASK_ID and _COUNT (with _MIN and
/// _STEP, where ids do not count from 0 by 1); nothing outside of one. Throws InputError for variables that
/// contradict each other.
std::optional<Shard> slurm_shard();

/// The option's shard, else Slurm's, which is said on standard error unless `quiet`, else everything.
Shard choose_shard(const std::string& option, bool quiet);

}  // namespace chronotope::apps
