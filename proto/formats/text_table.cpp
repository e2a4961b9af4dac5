// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/text_table.hpp"

#include <algorithm>
#include <array>
#include <istream>

#include "chronotope/core/printable.hpp"

namespace chronotope::proto {
namespace {

constexpr std::string_view kBlanks = " \t\r";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::array<std::string_view, 2> kUtf16Marks{"\xFF\xFE", "\xFE\xFF"};

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

/// The text without what stands in quotes; `inside` says whether it begins and ends inside.
std::string outside_quotes(std::string_view text, bool& inside) {
  std::string outside;
  for (const char c : text) {
    if (c == '"') inside = !inside;
    if (!inside) outside += c;
  }
  return outside;
}

/// 0 when the row is one cell, which any separator leaves whole.
char separator_in(std::string_view outside) {
  for (const char separator : {';', ',', '\t', ' '})
    if (outside.find(separator) != std::string_view::npos) return separator;
  return 0;
}

bool is_blank(char separator) { return separator == ' ' || separator == 0; }

bool holds(std::span<const std::string> cells, std::span<const std::string_view> required) {
  return std::all_of(required.begin(), required.end(), [&](std::string_view name) {
    return std::find(cells.begin(), cells.end(), name) != cells.end();
  });
}

}  // namespace

bool is_spreadsheet_error(std::string_view cell) {
  constexpr std::array<std::string_view, 9> kWords{"#N/A",   "#VALUE!", "#DIV/0!", "#REF!", "#NUM!",
                                                   "#NAME?", "#NULL!",  "#SPILL!", "#CALC!"};
  return std::find(kWords.begin(), kWords.end(), cell) != kWords.end();
}

bool TextTable::next() {
  while (next_line()) {
    if (is_comment()) continue;
    split(0);
    return true;
  }
  return false;
}

bool TextTable::next_names(std::span<const std::string_view> required) {
  while (next_line()) {
    if (!is_comment()) {
      split(0);
      return true;
    }
    const auto text = line_.find_first_not_of(std::string(kBlanks) + "#");
    if (text == std::string::npos || line_.find('"') != std::string::npos) continue;
    split(text);
    if (holds(cells(), required)) return true;
    separator_ = 0;
  }
  return false;
}

/// Reads a line that is not empty.
bool TextTable::next_line() {
  if (lines_ == 0 && in_.peek() == 0) refuse_file("begins with a zero byte: is no text");
  while (std::getline(in_, line_)) {
    if (lines_++ == 0) {
      for (const auto mark : kUtf16Marks)
        if (line_.starts_with(mark)) refuse_file("is text in UTF-16; save it as UTF-8");
      if (line_.starts_with(kByteOrderMark)) line_.erase(0, kByteOrderMark.size());
    }
    location_.line = lines_;
    if (!trim(line_).empty()) return true;
  }
  require_read();
  return false;
}

/// Of a line that memory could not hold, or that could not be read, the stream tells no more than this.
void TextTable::require_read() const {
  if (in_.bad())
    throw InputError(location_.file + ":" + std::to_string(lines_ + 1) +
                     ": can not be read on: a line longer than memory, or a fault of the device");
}

bool TextTable::is_comment() const {
  const std::string_view row = trim(line_);
  if (!row.starts_with('#')) return false;
  const char separator = separator_ == 0 ? separator_in(row) : separator_;
  const auto end = is_blank(separator) ? row.find_first_of(kBlanks) : row.find(separator);
  return !is_spreadsheet_error(trim(row.substr(0, end)));
}

/// Takes the row that stands in line_ from `begin` on apart.
void TextTable::split(std::size_t begin) {
  width_ = 0;
  if (separator_ == 0) separator_ = find_separator(begin);
  // An empty cell may stand before the first tab, but blanks at the end are no cells.
  line_.resize(line_.find_last_not_of(kBlanks) + 1);
  std::size_t at = line_.find_first_not_of(separator_ == '\t' ? " " : kBlanks, begin);
  while (at != std::string::npos) at = take_cell(at);
  if (separator_may_end_ && width_ > 1 && cells_[width_ - 1].empty()) --width_;
}

/// That of the first row of several cells, of which a quoted cell at its begin may go on in further lines.
char TextTable::find_separator(std::size_t begin) {
  std::string_view row = trim(std::string_view(line_).substr(begin));
  const bool begins_quoted = row.starts_with('"');
  bool inside = false;
  for (std::string outside;;) {
    outside += outside_quotes(row, inside);
    const char separator = separator_in(outside);
    const std::size_t before = line_.size();
    if (!is_blank(separator) || !begins_quoted || !inside || !append_line()) return separator;
    row = std::string_view(line_).substr(before);
  }
}

/// Appends a further line to the row; false at the end of the file.
bool TextTable::append_line() {
  std::string more;
  if (!std::getline(in_, more)) {
    require_read();
    return false;
  }
  ++lines_;
  if (more.ends_with('\r')) more.pop_back();
  line_ += '\n' + more;
  return true;
}

/// Appends the cell at `at` and returns where the next one begins, npos at the end of the row.
std::size_t TextTable::take_cell(std::size_t at) {
  const bool blanks = is_blank(separator_);
  std::string& cell = append_cell();
  at = std::min(line_.find_first_not_of(separator_ == '\t' ? " " : kBlanks, at), line_.size());
  const bool quoted = at < line_.size() && line_[at] == '"';
  const std::size_t after = quoted ? take_quoted(at, cell) : at;
  const std::size_t end = blanks ? line_.find_first_of(kBlanks, after) : line_.find(separator_, after);
  const std::string_view text =
      trim(std::string_view(line_).substr(after, std::min(end, line_.size()) - after));
  if (!quoted)
    cell = text;
  else if (!text.empty())
    refuse_cell(width_ - 1, "is followed by text outside its quotes");
  if (end == std::string::npos) return end;
  return blanks ? line_.find_first_not_of(kBlanks, end) : end + 1;
}

/// Reads the cell whose quote opens at `at`, from more lines while it stays open; returns where it ended.
std::size_t TextTable::take_quoted(std::size_t at, std::string& cell) {
  for (std::size_t from = at + 1;;) {
    const auto quote = line_.find('"', from);
    cell.append(line_, from, quote - from);
    if (quote == std::string::npos) {
      from = line_.size() + 1;
      if (!append_line()) refuse("the quote in column " + std::to_string(width_) + " is not closed");
      cell += '\n';
    } else if (quote + 1 < line_.size() && line_[quote + 1] == '"') {
      cell += '"';
      from = quote + 2;
    } else {
      return quote + 1;
    }
  }
}

std::string& TextTable::append_cell() {
  if (width_ == cells_.size()) cells_.emplace_back();
  cells_[width_].clear();
  return cells_[width_++];
}

void TextTable::require_width(std::size_t width) const {
  if (width_ != width)
    refuse("the row has " + std::to_string(width_) + " columns, the rows before have " +
           std::to_string(width));
}

void TextTable::refuse(const std::string& what) const {
  throw InputError(to_string(location_) + ": " + what);
}

void TextTable::refuse_cell(std::size_t column, const std::string& what) const {
  refuse("column " + std::to_string(column + 1) + ": " + in_quotes(cells_[column]) + " " + what);
}

void TextTable::refuse_file(const std::string& what) const { throw InputError(location_.file + ": " + what); }

}  // namespace chronotope::proto
