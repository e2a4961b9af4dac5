// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "chronotope/core/printable.hpp"

namespace chronotope {

/// Whether a name can stand unquoted in tables and in error messages: it holds no comma, quote or control character.
inline bool is_plain_name(const std::string& name) {
  return printable(name) == name && name.find_first_of(",\"") == std::string::npos;
}

}  // namespace chronotope
