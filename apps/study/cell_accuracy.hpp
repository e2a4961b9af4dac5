// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "chronotope/proto/study.pb.h"
#include "chronotope/topology/representation/activations.hpp"

namespace chronotope::apps {

/// What read-outs are given: codes of the stimuli's windows, and how windows are cut.
struct ReadOutDemand {
  std::vector<topology::RowCode> codes;
  double tau = 20;         ///< of traces [ms]
  std::size_t bins = 8;    ///< of bins
  std::uint64_t seed = 0;  ///< of the five parts: the same for all networks
};

/// A row of the table of accuracies, and which stimuli were told.
struct ScoredReadOut {
  StudyAccuracy row;
  std::vector<bool> right;  ///< in the order in which they were shown; empty when there is no score
};

/// How well logistic and ridge read-outs tell the labels of a finished network's probe stimuli by all of its
/// neurons, five-fold and on new groups, code by code. Errors: InputError as SnapshotReader's.
std::vector<ScoredReadOut> network_accuracy(const std::filesystem::path& stream, const ReadOutDemand& demand);

/// The same of counts and bins of the stimuli's own spikes, in the stream `spikes`: what can be told without
/// a network. `shown` are the stimuli a network was probed with.
std::vector<StudyAccuracy> input_accuracy(const std::string& spikes,
                                          std::span<const topology::Stimulus> shown,
                                          const ReadOutDemand& demand);

}  // namespace chronotope::apps
