// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/error.hpp"

#include <array>
#include <charconv>

namespace chronotope {

FieldError::FieldError(const Location& location, const std::string& field, const std::string& value,
                       const std::string& allowed)
    : InputError(to_string(location) + ": " + field + ": " + value + " is not allowed (" + allowed + ")") {}

std::string to_string(const Location& location) {
  return location.line > 0 ? location.file + ":" + std::to_string(location.line) : location.file;
}

std::string to_string(double value) {
  std::array<char, 32> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return {text.data(), end};
}

}  // namespace chronotope
