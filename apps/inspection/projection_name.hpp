// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "chronotope/proto/stream.pb.h"

namespace chronotope::apps {

/// What a projection of a stream is called: "E->I", "E->I#2" for the second of the same ends; "projection 3" when
/// the stream has no specification that says it.
std::string projection_name(const Header& header, std::uint32_t projection);

}  // namespace chronotope::apps
