// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace chronotope::proto {

/// Which columns of a table are read, in which order: a list of names, numbers from 1, and ranges of either,
/// such as "x,y", "2-4,7" or "3-" (to the last). What is a column's name is never a number or a range.
/// Errors: InputError that quotes the part which names no column, or a column that is named twice.
class ColumnChoice {
 public:
  ColumnChoice() = default;
  explicit ColumnChoice(std::string_view list);
  /// Of a table with names those of the list that are there, of one without names all columns.
  static ColumnChoice known(std::vector<std::string> names);

  bool all() const { return parts_.empty(); }
  /// The chosen columns, from 0, of a table of `width` columns. Requires: names is empty or one per column.
  std::vector<std::size_t> of(std::span<const std::string> names, std::size_t width) const;

 private:
  std::vector<std::string> parts_;
  bool if_there_ = false;  // parts that name no column are left out
};

}  // namespace chronotope::proto
