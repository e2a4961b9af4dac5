// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/table_cells.hpp"

#include <charconv>
#include <cmath>
#include <limits>

namespace chronotope::proto {

std::errc parse_number(std::string_view cell, double& value) {
  if (cell.size() > 1 && cell[0] == '+' && cell[1] != '-') cell.remove_prefix(1);
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  return error == std::errc() && end != cell.data() + cell.size() ? std::errc::invalid_argument : error;
}

double number(const TextTable& table, std::size_t column) {
  double value = 0;
  const std::errc error = parse_number(table.cells()[column], value);
  if (error == std::errc::result_out_of_range) table.refuse_cell(column, "is outside the range of doubles");
  if (error != std::errc()) table.refuse_cell(column, "is not a number");
  return value;
}

std::uint32_t index(const TextTable& table, std::size_t column) {
  constexpr double kLargest = std::numeric_limits<std::uint32_t>::max();
  double value = -1;
  if (parse_number(table.cells()[column], value) != std::errc() ||
      !(value >= 0 && value <= kLargest && value == std::floor(value)))
    table.refuse_cell(column, "is not an index (a whole number from 0 to 4294967295)");
  return static_cast<std::uint32_t>(value);
}

Decimal event_time(const TextTable& table, std::size_t column) {
  const auto time = read_decimal(table.cells()[column]);
  if (!time) table.refuse_cell(column, "is not a time in milliseconds");
  if (time->value < Duration()) table.refuse_cell(column, "is before 0 ms");
  return *time;
}

}  // namespace chronotope::proto
