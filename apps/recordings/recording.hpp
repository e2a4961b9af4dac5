// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "chronotope/core/network_description.hpp"

namespace chronotope::apps {

enum class RecordingKind { kSound, kAddressEvents, kSeries, kEvents, kSpokenSpikes };

/// Something that can be presented to a network. One file is one recording, except that a table of spikes
/// with a column `stimulus` holds one recording per stimulus, each with times since its own onset, and a .ts
/// file and one of spoken spikes (SHD, SSC) one per example.
struct Recording {
  std::uint32_t id = 0;  // place among all recordings in the order of their paths (and stimuli)
  RecordingKind kind = RecordingKind::kSound;
  std::string path;
  std::string name;   // the file's, followed by #stimulus where a table has several, by #example of a .ts
  std::string label;  // of the table; or 7 for 7_theo_0.wav, else the name of the file's folder
  std::vector<ChannelSpike>
      spikes{};  // of kEvents, which are read at once, like kSeries; others when presented
  std::vector<std::vector<double>> series{};  // of kSeries: numbers by dimension
  std::size_t sample = 0;                     // of kSpokenSpikes: place in the file
  std::uint64_t rounded_times = 0;        // of the spikes, stated with more than 12 decimals of a millisecond
  std::uint64_t cut_times = 0;            // of the spikes, which NEST may have cut to its three decimals
  std::vector<std::string> more_paths{};  // of NEST's: what other threads of the same recorder wrote
};

/// What files of other simulators' spikes do not tell.
struct SpikeFileChoice {
  std::uint32_t first_sender = 1;      // of NEST: the node that channel 0 stands for
  std::optional<Duration> resolution;  // of NEST: length of a step, of times in steps
  std::string population;              // of SONATA: the one that is read; empty: the only one
};

/// All recordings that `inputs` name, in the order of their paths. An input is a file (WAV, FLAC or another
/// kind of sound; .bin or .bs2, .aedat, .dat of Prophesee; .ts; CSV, .npy or .npz with the columns time_ms,
/// channel and maybe stimulus and, in CSV, label; .dat or .gdf of NEST, the files of one recorder together; SONATA's spikes, SHD and SSC, .h5), a
/// folder, of which every file with a known extension is taken, its folders included, or "-", a table on
/// stdin. A path named twice is presented twice, under the same id. Errors: InputError that names the path,
/// for a file of unknown kind, a folder without recordings, a name or folder's name that is not UTF-8, a
/// stimulus with two labels, and recordings of different kinds, whose channels would mean different things.
std::vector<Recording> find_recordings(const std::vector<std::string>& inputs,
                                       const SpikeFileChoice& choice = {});

}  // namespace chronotope::apps
