// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace chronotope {

/// Bytes of the character that `text` begins with, 1 to 4, or 0 when it begins with none: a stray or missing
/// continuation, an overlong form, half of a surrogate pair, beyond U+10FFFF (The Unicode Standard, table
/// 3-7). Requires: text is not empty.
std::size_t utf8_character(std::string_view text);

/// Where the first byte stands that is part of no character; text.size() when all is well-formed. O(size).
std::size_t first_not_utf8(std::string_view text);

inline bool is_utf8(std::string_view text) { return first_not_utf8(text) == text.size(); }

}  // namespace chronotope
