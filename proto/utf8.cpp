// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/utf8.hpp"

#include <bit>
#include <cstddef>

namespace chronotope::proto {
namespace {

/// Bytes of the code point in front, 0 when there is none.
std::size_t code_point_length(std::string_view bytes) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const auto length = static_cast<std::size_t>(std::countl_one(byte(0)));
  if (length == 0) return 1;
  if (length == 1 || length > 4 || length > bytes.size()) return 0;
  unsigned code = byte(0) & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return 0;
    code = code << 6U | (byte(i) & 0x3FU);
  }
  const unsigned least = length == 2 ? 0x80U : length == 3 ? 0x800U : 0x10000U;
  const bool surrogate = code >= 0xD800U && code < 0xE000U;
  return code >= least && code <= 0x10FFFFU && !surrogate ? length : 0;
}

}  // namespace

bool is_utf8(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t length = code_point_length(bytes);
    if (length == 0) return false;
    bytes.remove_prefix(length);
  }
  return true;
}

}  // namespace chronotope::proto
