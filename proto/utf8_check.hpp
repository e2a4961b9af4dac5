// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chronotope/proto/text_spec.hpp"

namespace chronotope::proto {

/// Refuses the first text in a specification that is not UTF-8: protobuf would write it into a stream that
/// nobody can read. Errors: FieldError that names file, line (textproto only) and field.
void check_utf8(const SpecText& spec);

}  // namespace chronotope::proto
