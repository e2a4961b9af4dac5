// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "chronotope/apps/study/cell.hpp"

namespace chronotope::apps {

/// A cell and where its stream is.
struct CellState {
  Cell cell;
  std::filesystem::path file;
  std::string
      digest;  // what a finished stream of it has; empty while the cell it takes weights of is missing
  bool finished = false;  // the file is there and has the digest
  std::string holder{};   // of another process that runs it
};

/// Told what share of the cells that are to be run is done, of how many.
using RunsProgress = std::function<void(double share, std::size_t cells)>;

/// Looks at what is there. Every file that is named so but has another digest, or is no stream, counts as not
/// finished.
std::vector<CellState> look_at_cells(const CellMaker& maker, const std::vector<Cell>& cells,
                                     const std::filesystem::path& folder);

/// Runs what is not finished on several threads, cells that take trained weights after those they take them
/// from. What another process runs is left to it. Streams appear complete, so a run that was killed goes on with the cells that are missing. After an
/// interrupt (the caller keeps an Interrupt alive) no file of an unfinished cell appears. Returns whether all
/// are finished. Says of what killed runs have left that it is removed, unless `quiet`. Errors: that of the
/// first cell that failed.
bool run_cells(const CellMaker& maker, std::vector<CellState>& cells, std::size_t threads, bool quiet,
               const RunsProgress& progress);

}  // namespace chronotope::apps
