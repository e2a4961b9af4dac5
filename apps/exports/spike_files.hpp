// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "chronotope/proto/frame_stream.hpp"
#include "chronotope/proto/spike_codec.hpp"

namespace chronotope::apps {

/// The spikes of a stream, by population of its header.
using StreamSpikes = std::vector<std::vector<proto::PopulationSpike>>;

/// Reads a stream to its end. Memory: 24 bytes per spike.
StreamSpikes read_spikes(proto::FrameReader& frames);

/// As NEST's ASCII recordings: neurons of all populations numbered through from `first_sender` on, in order of
/// time, with as many decimals as the times have; `gdf` leaves out the lines before.
void write_nest(proto::Output& out, const Header& header, const StreamSpikes& spikes,
                std::uint64_t first_sender, bool gdf);

/// As SONATA's spikes. Throws InputError for a name with '/', which no group of HDF5 can have.
void write_sonata(proto::Output& out, const Header& header, const StreamSpikes& spikes);

}  // namespace chronotope::apps
