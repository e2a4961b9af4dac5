// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chronotope/proto/frame_stream.hpp"

namespace chronotope::apps {

/// Prints what kinds of frames a stream has, how many, of how many bytes and when, from the begin of each frame:
/// neither contents nor checksums are looked at. Of a stream that was cut they are printed up to there, then InputError is
/// thrown. Cost: reading the file.
void print_frame_list(proto::FrameReader& frames);

}  // namespace chronotope::apps
