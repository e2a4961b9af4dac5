// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>

#include "chronotope/proto/formats/camera_recording.hpp"

namespace chronotope::proto {

// The address-event files of iniVation's software. Both versions begin with lines of text, each of which
// begins with '#', the first with "#!AER-DAT" and the version.

/// The first bytes of every version.
inline constexpr std::string_view kAedatMagic = "#!AER-DAT";

/// Reads
/// - AEDAT 2.0 of a DVS128 (jAER): big-endian pairs of an address and a time [us], 32 bits each. Of the
///   address bit 0 is 0 for ON, bits 1-7 are 127 - x, bits 8-14 y; one with bit 15 is no pixel's event and is
///   left out. The clock is that of 32 bits: a step back by more than half of it counts as one round.
/// - AEDAT 3.1: packets behind "#!END-HEADER", each a header of 28 bytes, little endian, and so many events;
///   those of polarity (type 1) are read: 32 bits of data (bit 0 valid, bit 1 ON, y from bit 2, x from bit 17)
///   and 31 of time [us], of which the packet counts the rounds. Events that are not valid, and packets of
///   other types (special events, frames, inertial measurements), are left out.
/// Times count from the first event: the camera's clock began earlier. Errors: InputError that names the file
/// and the byte's offset, for other versions, cameras of another layout, packets that contradict themselves
/// and files that are cut.
CameraRecording read_aedat(std::istream& in, const std::string& name);

}  // namespace chronotope::proto
