// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/printable.hpp"

#include <cstddef>
#include <limits>

#include "chronotope/core/utf8.hpp"

namespace chronotope {
namespace {

bool is_control(std::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  if (character.size() == 2) return first == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0;
  return character.size() == 1 && (first < ' ' || first == 127);
}

/// At most `most` characters of the text, and "..." for others.
std::string shown(std::string_view text, std::size_t most) {
  std::string result;
  for (; !text.empty(); --most) {
    if (most == 0) return result + "...";
    const std::size_t bytes = utf8_character(text);
    const std::string_view character = text.substr(0, bytes == 0 ? 1 : bytes);
    if (bytes == 0 || is_control(character))
      result += '?';
    else
      result += character;
    text.remove_prefix(character.size());
  }
  return result;
}

}  // namespace

std::string printable(std::string_view text) { return shown(text, std::numeric_limits<std::size_t>::max()); }

std::string in_quotes(std::string_view text) {
  constexpr std::size_t kShown = 40;
  return "'" + shown(text, kShown) + "'";
}

}  // namespace chronotope
