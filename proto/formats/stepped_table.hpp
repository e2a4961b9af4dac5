// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "chronotope/proto/formats/number_table.hpp"

namespace chronotope::proto {

/// A table whose rows are equally wide (step 0), or grow or shrink by one from row to row (step 1 or -1), as
/// those of a triangular matrix. Rows follow each other in `values`.
struct SteppedTable {
  std::size_t rows = 0;
  std::size_t first_width = 0;
  int step = 0;
  std::vector<double> values;
  std::vector<std::string> names = {};  // of the columns; empty: the file gives none
};

/// Reads a table as read_number_table does, that may be a triangle when it is text.
/// Errors: also those of read_stepped_csv.
SteppedTable read_stepped_table(const std::string& path, const TableChoice& choice = {});
/// The same of a file that is open; `array` is the one meant of an .npz file, empty: the only one.
SteppedTable read_stepped_table(InputFile& file, const std::string& array, const TableChoice& choice);

}  // namespace chronotope::proto
