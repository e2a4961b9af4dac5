// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "chronotope/apps/cells/shard.hpp"
#include "chronotope/apps/sweep/sweep_plan.hpp"
#include "chronotope/proto/text_spec.hpp"

namespace chronotope::apps {

/// A sweep as it was asked for: a specification, what of it is varied, how many seeds each, and the verb that
/// runs a cell with the words that are the same for all.
struct SweepRequest {
  std::string spec;
  SweepPlan plan;
  std::vector<std::string> changes;  // "PATH=VALUE" for all cells
  std::uint64_t seeds = 1;
  std::string verb;  // simulate or train
  std::vector<std::string> words;
  std::string varied_by = "--vary";  // whose values are refused
};

/// One run: a setting and a seed.
struct SweepCell {
  std::size_t setting = 0;
  std::uint64_t seed = 0;
  std::string digest;  // of everything it depends on

  /// The finished stream, "cell-DIGEST.pb".
  std::filesystem::path file(const std::filesystem::path& folder) const;
};

/// All cells, setting by setting, of each by seed, in the order of the plan. Every specification is read and
/// checked, so that a sweep does not fail at its last cell. Errors: those of the specification, of a change.
std::vector<SweepCell> sweep_cells(const SweepRequest& request);

/// What became of some cells.
struct SweepOutcome {
  std::size_t finished = 0;         // before, or now
  std::vector<std::string> busy;    // that somebody else runs: "cell-DIGEST.pb: process 1 on host"
  std::vector<std::string> failed;  // "cell-DIGEST.pb: what the verb said"
  bool locks = true;                // the folder's file system has them
};

/// Runs the cells of a shard that are not finished, `jobs` at once, each as a process of its own. A cell that
/// was begun before goes on from its last snapshot, or checkpoint, if it has one. No cell is run by two
/// processes at a time. After an interrupt (the caller keeps an Interrupt alive) no cell is begun.
/// progress(done, of) is told how many of the shard's cells are through.
SweepOutcome run_cells(const SweepRequest& request, const std::vector<SweepCell>& cells, const Shard& shard,
                       const std::filesystem::path& folder, std::size_t jobs,
                       const std::function<void(std::size_t done, std::size_t of)>& progress);

}  // namespace chronotope::apps
