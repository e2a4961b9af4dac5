// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "chronotope/proto/placed_text.hpp"

namespace chronotope::proto {

/// Writes a NetworkSpec in textproto to `out` with its short forms written out: where a Distribution is
/// expected, `tau_m: 20` means `tau_m { constant: 20 }` and `weight: [1, 2]` means explicit values; in a list
/// of Distributions every number is one. What fits no schema is passed on, for the parser to complain about.
/// Errors: InputError with file:line:column and path for unknown fields, unknown names of enumerations and
/// what is no token.
void translate_textproto(const std::string& bytes, PlacedText& out);

/// The same of the fields of a message of `type`.
void translate_textproto(const std::string& bytes, const google::protobuf::Descriptor& type, PlacedText& out);

}  // namespace chronotope::proto
