// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/program_options.hpp>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "chronotope/apps/cells/shard.hpp"
#include "chronotope/apps/options/option.hpp"
#include "chronotope/apps/sweep/sweep_cells.hpp"
#include "chronotope/core/time.hpp"

namespace chronotope::apps {

/// --shard, --jobs, --collect and --dry-run.
std::vector<Option> sharing_options();

/// A sweep as its command runs it: cells into a folder, a table of them, and what is said of both.
class SweepRun {
 public:
  /// `table` is the name of the CSV in the folder; it looks at the time from `from` on. Errors: those of
  /// sweep_cells.
  SweepRun(SweepRequest request, std::filesystem::path folder, std::string table, Time from, bool quiet);

  /// Does what sharing_options() ask for. Returns the exit code. Throws Failure when a cell failed, after all
  /// others were run; Interrupted; InputError for --collect while cells are missing.
  int run(const boost::program_options::variables_map& values);

 private:
  int run_cells_of(const Shard& shard, std::size_t jobs);
  int collect() const;
  void print_cells(const Shard& shard) const;
  SweepOutcome run_shard(const Shard& shard, std::size_t jobs) const;
  std::size_t finished() const;

  SweepRequest request_;
  std::filesystem::path folder_;
  std::string table_;
  Time from_;
  bool quiet_;
  std::vector<SweepCell> cells_;
};

}  // namespace chronotope::apps
