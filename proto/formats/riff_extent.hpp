// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>

namespace chronotope::proto {

/// A field of 4 bytes in which a sound file says how many bytes of samples it holds, and what should stand
/// there.
struct SizeField {
  std::uint64_t offset = 0;
  std::string bytes;
};

/// Compares what a WAV file (RIFF, RIFX) or an AIFF file (FORM) says about its length with the bytes there
/// are. Programs that write to a pipe cannot go back and leave one of some marks instead of a size, or 0:
/// then the samples reach to the file's end. Returns the field to be mended when libsndfile would take the
/// mark for a size (a WAV file with 0), else one without bytes. Errors: InputError that starts with `name`
/// for a file whose form or samples go on behind its end, which was cut. Cost: one seek per chunk.
SizeField check_extent(std::istream& in, const std::string& name);

}  // namespace chronotope::proto
