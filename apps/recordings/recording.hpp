// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "chronotope/core/network_description.hpp"

namespace chronotope::apps {

enum class RecordingKind { kSound, kAddressEvents, kSeries, kEvents };

/// Something that can be presented to a network. One file is one recording, except that a table of spikes
/// with a column `stimulus` holds one recording per stimulus, each with times since its own onset, and a .ts
/// file one per example.
struct Recording {
  std::uint32_t id = 0;  // place among all recordings in the order of their paths (and stimuli)
  RecordingKind kind = RecordingKind::kSound;
  std::string path;
  std::string name;   // the file's, followed by #stimulus where a table has several, by #example of a .ts
  std::string label;  // of the table; or 7 for 7_theo_0.wav, else the name of the file's folder
  std::vector<ChannelSpike>
      spikes{};  // of kEvents, which are read at once, like kSeries; others when presented
  std::vector<std::vector<double>> series{};  // of kSeries: numbers by dimension
  std::uint64_t rounded_times = 0;  // of the spikes, stated with more than 12 decimals of a millisecond
};

/// All recordings that `inputs` name, in the order of their paths. An input is a file (WAV, FLAC or another
/// kind of sound; .bin or .bs2; .ts; CSV, .npy or .npz with the columns time_ms, channel and maybe stimulus
/// and, in CSV, label), a folder, of which every file with a known extension is taken, its folders included,
/// or
/// "-", a table on stdin. A path named twice is presented twice, under the same id. Errors: InputError that
/// names the path, for a file of unknown kind, a folder without recordings, a name or folder's name that is
/// not UTF-8, a stimulus with two labels, and recordings of different kinds, whose channels would mean
/// different things.
std::vector<Recording> find_recordings(const std::vector<std::string>& inputs);

}  // namespace chronotope::apps
