// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace chronotope::proto {

/// A dense table of doubles. Invariant: values.size() == rows * columns, row-major.
struct Matrix {
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<double> values;

  double operator()(std::size_t row, std::size_t column) const { return values[row * columns + column]; }
};

/// A table whose rows are equally wide (step 0), or grow or shrink by one from row to row (step 1 or -1), as
/// those of a triangular matrix. Rows follow each other in `values`.
struct SteppedTable {
  std::size_t rows = 0;
  std::size_t first_width = 0;
  int step = 0;
  std::vector<double> values;
};

/// Reads a matrix from an .npy file or from text (see csv.hpp); the first bytes decide which. "-" is stdin.
/// Errors: those of read_npy, read_csv and InputFile.
Matrix read_matrix(const std::string& path);

/// The same of a table that may be a triangle when it is text. Errors: also those of read_stepped_csv.
SteppedTable read_stepped_table(const std::string& path);

}  // namespace chronotope::proto
