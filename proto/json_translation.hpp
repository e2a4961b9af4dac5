// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "chronotope/proto/placed_text.hpp"

namespace chronotope::proto {

/// Writes a NetworkSpec in protobuf's JSON to `out` as textproto, so that both have the same parser and the
/// same places in errors. Fields go by their name or by their lowerCamelCase name; null is left out; whole
/// numbers may be written as 80.0, numbers as strings, enumerations as names or numbers. A number where a
/// Distribution is expected is a constant, a list explicit values. Stricter than protobuf's own reader:
/// strings and names stand in double quotes. Errors: InputError with file:line:column and path for what is no
/// JSON, unknown fields and wrong types.
void translate_json(const std::string& bytes, PlacedText& out);

}  // namespace chronotope::proto
