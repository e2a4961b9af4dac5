// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <iosfwd>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "chronotope/core/error.hpp"

namespace chronotope::proto {

/// A table as text, one row a line, read row by row.
///
/// Cells are separated by semicolons, commas, tabs or runs of blanks: whichever of these, in this order, the
/// first row of several cells holds outside quotes. Blanks around a cell, a byte-order mark and carriage
/// returns are ignored. A cell may stand in quotes (RFC 4180): then it may hold separators and line breaks,
/// and "" stands for one quote. Empty lines are skipped, so are comments, which begin with '#'; a row whose
/// first cell is one of the error words of spreadsheets (#N/A, #DIV/0!, ...) is a row.
///
/// Errors: InputError that starts with `name:line`, for a quote that is not closed or that text follows, for
/// UTF-16, and for a line that can not be read. Memory: one row.
class TextTable {
 public:
  TextTable(std::istream& in, const std::string& name) : in_(in), location_{name, 0} {}

  /// From here on a separator may stand at the end of a row, where it begins no cell.
  void allow_separator_at_end() { separator_may_end_ = true; }

  /// Reads the next row into cells(); false at the end of the file.
  bool next();
  /// Reads the row that names the columns: the first one, or a comment before it that names all of
  /// `required`, as numpy.savetxt writes it. False when the file holds neither.
  bool next_names(std::span<const std::string_view> required);

  std::span<const std::string> cells() const { return {cells_.data(), width_}; }

  void require_width(std::size_t width) const;
  [[noreturn]] void refuse(const std::string& what) const;
  /// Names the column, counted from 1, and quotes its cell.
  [[noreturn]] void refuse_cell(std::size_t column, const std::string& what) const;
  [[noreturn]] void refuse_file(const std::string& what) const;

 private:
  bool next_line();
  void require_read() const;
  bool is_comment() const;
  void split(std::size_t begin);
  char find_separator(std::size_t begin);
  bool append_line();
  std::size_t take_cell(std::size_t at);
  std::size_t take_quoted(std::size_t at, std::string& cell);
  std::string& append_cell();

  std::istream& in_;
  Location location_;   // of the row's first line
  int lines_ = 0;       // read so far
  std::string line_;    // more than one where a quoted cell goes on
  char separator_ = 0;  // until a row of several cells is read
  bool separator_may_end_ = false;
  std::vector<std::string> cells_;  // of this row and, behind width_, memory of others
  std::size_t width_ = 0;
};

/// The error words that spreadsheets leave in cells.
bool is_spreadsheet_error(std::string_view cell);

}  // namespace chronotope::proto
