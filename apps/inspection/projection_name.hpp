// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "chronotope/proto/stream.pb.h"

namespace chronotope::apps {

/// What a projection of a stream is called: "E->I", "E->I#2" for the second of the same ends; "projection 3" when
/// the stream has no specification that says it.
std::string projection_name(const Header& header, std::uint32_t projection);

/// Whose column of a state it is, "projection 3/weights"; nothing when it is not of a projection.
std::optional<std::uint32_t> projection_of_column(std::string_view path);

}  // namespace chronotope::apps
