// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>
#include <string>

#include "chronotope/proto/formats/camera_recording.hpp"

namespace chronotope::proto {

/// Reads the .dat files of Prophesee's cameras (N-CARS, Gen1): lines that begin with "% ", among them
/// "% Width 304" and "% Height 240"; one byte that says what events follow (0 or 12: changes of brightness)
/// and one with their size, 8; then events, little endian: 32 bits of time [us], and 32 with x in bits 0-13, y
/// in 14-27 and the polarity (1 = ON) in 28. A file without such lines has no two bytes either. The clock goes
/// round as in ClockRounds. Errors: InputError that names the file and the byte's offset, for other events and
/// sizes, bits that are not used, and files that are cut.
CameraRecording read_prophesee(std::istream& in, const std::string& name);

}  // namespace chronotope::proto
