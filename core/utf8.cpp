// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/utf8.hpp"

namespace chronotope {
namespace {

/// What a first byte allows: the character's length and the range of its second byte.
struct Form {
  std::size_t bytes = 0;
  unsigned char low = 0x80;
  unsigned char high = 0xBF;
};

Form form_of(unsigned char first) {
  if (first < 0x80) return {1};
  if (first < 0xC2) return {0};
  if (first < 0xE0) return {2};
  if (first == 0xE0) return {3, 0xA0, 0xBF};
  if (first == 0xED) return {3, 0x80, 0x9F};
  if (first < 0xF0) return {3};
  if (first == 0xF0) return {4, 0x90, 0xBF};
  if (first < 0xF4) return {4};
  if (first == 0xF4) return {4, 0x80, 0x8F};
  return {0};
}

bool lies_in(char byte, unsigned char low, unsigned char high) {
  const auto value = static_cast<unsigned char>(byte);
  return low <= value && value <= high;
}

}  // namespace

std::size_t utf8_character(std::string_view text) {
  const Form form = form_of(static_cast<unsigned char>(text[0]));
  if (form.bytes > text.size()) return 0;
  if (form.bytes > 1 && !lies_in(text[1], form.low, form.high)) return 0;
  for (std::size_t i = 2; i < form.bytes; ++i)
    if (!lies_in(text[i], 0x80, 0xBF)) return 0;
  return form.bytes;
}

std::size_t first_not_utf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t bytes = utf8_character(text.substr(at));
    if (bytes == 0) return at;
    at += bytes;
  }
  return at;
}

}  // namespace chronotope
