// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace chronotope {

/// Text of unknown origin as a terminal may get it: one line, and nothing that a terminal obeys. Control
/// characters (U+0000 to U+001F, U+007F to U+009F) and bytes that are no UTF-8 become '?', one for each.
std::string printable(std::string_view text);

/// The same in single quotes and at most 40 characters long, for an error message.
std::string in_quotes(std::string_view text);

}  // namespace chronotope
