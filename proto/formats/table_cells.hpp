// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <system_error>

#include "chronotope/core/decimal.hpp"
#include "chronotope/proto/formats/text_table.hpp"

namespace chronotope::proto {

// Cells of a table of text as values. Errors: InputError that names the line and column and quotes the cell.

/// Parses a whole cell as a number; an explicit plus sign is allowed.
std::errc parse_number(std::string_view cell, double& value);

double number(const TextTable& table, std::size_t column);

/// A whole number from 0 to 2^32 - 1, as 3, 3.0 or 3e+00.
std::uint32_t index(const TextTable& table, std::size_t column);

/// A time [ms] from 0, read by its digits.
Decimal event_time(const TextTable& table, std::size_t column);

}  // namespace chronotope::proto
