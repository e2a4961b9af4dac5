// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "chronotope/apps/training/trained_wiring.hpp"
#include "chronotope/apps/training/training_items.hpp"
#include "chronotope/models/learning/spike_read_out.hpp"
#include "chronotope/proto/training.pb.h"

namespace chronotope::apps {

/// What the stream of a trained network holds beside its spikes.
struct TrainedStream {
  std::string path;     // empty: no stream
  bool resets = false;  // of the network's state, at the onset of each stimulus
  std::vector<TrainingEpoch> epochs{};
  GridReadOut read_out{};
  std::vector<std::vector<double>> snapshots{};  // weights of all synapses, before training and after epochs
};

/// Runs a trained network, weights frozen, from spike to spike through the stimuli to probe: for a stream
/// those of phase PROBE, or all when there is none, else those of `part`. Silence stands where others were.
/// Writes the stream that rtd, layers and report read. Returns the share of `part` (places of stimuli) that
/// is read as its class.
double probe_trained(const proto::SpecText& trained, const TrainedWiring& wiring, const TrainingItems& items,
                     const std::vector<std::size_t>& part, const models::SpikeReadOut& read_out,
                     const TrainedStream& stream, unsigned threads);

}  // namespace chronotope::apps
