// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace chronotope::proto {

/// One channel of sound. Integer formats span [-1, 1]; floating-point files are taken as they are.
struct Sound {
  double sample_rate = 0;  // [Hz], > 0
  std::vector<double> samples;
};

/// Reads a WAV file, or any other kind of sound file that libsndfile knows (FLAC, AIFF, ...); several
/// channels are mixed by their mean. Memory grows with what is read, not with what the file's header
/// announces. Errors: InputError that names the file, for a file that is no sound (with libsndfile's reason),
/// a file that is shorter than it announces (see riff_extent.hpp), no samples, or a sample that is not
/// finite.
Sound read_wav(const std::string& path);

}  // namespace chronotope::proto
