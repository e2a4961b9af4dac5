// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace chronotope::proto {

/// Whether the bytes are UTF-8 (RFC 3629): the shortest form of every code point, none above 10FFFF, no
/// surrogates. Protobuf does not read strings that are not.
bool is_utf8(std::string_view bytes);

}  // namespace chronotope::proto
