// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "chronotope/proto/formats/column_choice.hpp"
#include "chronotope/proto/formats/matrix.hpp"

namespace chronotope::proto {

class InputFile;

/// What the first row of a table of text holds; a guess takes it for names when it can be nothing else.
enum class FirstRow { kGuess, kNames, kNumbers };

/// What of a file is read, and as what.
struct TableChoice {
  FirstRow first_row = FirstRow::kGuess;  // of text
  ColumnChoice columns;
};

/// A table of numbers as its file holds it.
struct NumberTable {
  Matrix matrix;
  std::vector<std::string> names;  // one per column; empty: the file gives none
  std::vector<bool> is_single;     // of each column, numbers of single precision or less; empty: none
  bool counted_first_row = false;  // a first row 0,1,2,... of text was taken for numbers
};

/// Reads a table from an .npy file, from an array in an .npz file ("file.npz:name", see npz.hpp) or from text
/// (see csv.hpp); the first bytes decide which. "-" is stdin.
/// Errors: those of read_npy, read_npz, read_csv, ColumnChoice and InputFile.
NumberTable read_number_table(const std::string& path, const TableChoice& choice = {});
/// The same of a file that is open; `array` is the one meant of an .npz file, empty: the only one.
NumberTable read_number_table(InputFile& file, const std::string& array, const TableChoice& choice);

}  // namespace chronotope::proto
