// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "chronotope/apps/python/spike_rows.hpp"
#include "chronotope/apps/python/synapse_rows.hpp"
#include "chronotope/core/checkpoint.hpp"
#include "chronotope/proto/spike_codec.hpp"
#include "chronotope/proto/stream.pb.h"

namespace chronotope::apps {

/// A stream of encode or simulate, all of it in memory: 16 bytes a spike, 40 a synapse, 8 a weight of each snapshot.
struct StreamContents {
  struct Snapshot {
    Time time;
    std::map<std::uint32_t, std::vector<double>> potentials;  // by population [mV]
    std::map<std::uint32_t, std::vector<double>> weights;     // by projection [pA or mV]
  };

  Header header;
  std::vector<SpikeRow> spikes;  // in order of time, population and neuron
  std::vector<proto::Stimulus> stimuli;
  std::map<std::uint32_t, std::vector<SynapseRow>> synapses;  // by projection, without weights
  std::vector<Snapshot> snapshots;
  std::optional<RunSummary> summary;

  /// The synapses of a projection with their weights at a snapshot.
  std::vector<SynapseRow> synapses_at(const Snapshot& snapshot, std::uint32_t projection) const;
};

/// Reads the stream at `path`; calls `check` between frames, which may throw. Errors: those of proto::FrameReader.
StreamContents read_stream(const std::string& path, const Checkpoint& check);

}  // namespace chronotope::apps
