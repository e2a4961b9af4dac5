// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

#include "chronotope/models/readout/feature_table.hpp"
#include "chronotope/proto/spike_codec.hpp"
#include "chronotope/topology/representation/activations.hpp"

namespace chronotope::apps {

/// What a read-out is fitted on and scored on: one example per presentation.
struct ReadOutExamples {
  models::FeatureTable features;
  models::Classes classes;
  std::vector<std::string> class_names;  ///< ascending: the labels
  std::vector<std::uint32_t> units;      ///< the recordings: equal ones are never torn apart
  std::vector<std::string> groups;       ///< of the recordings; empty when their names tell none
};

/// Counts, traces, latencies, potentials or bins of a layer, with the labels of its stimuli for classes.
/// Requires: a code other than kTrain.
ReadOutExamples examples_of(const topology::Activations& layer);

/// The layers' columns side by side, L1 first: all neurons. Requires: the same stimuli and code; not kTrain.
ReadOutExamples examples_of(const std::array<topology::Activations, topology::kLayers>& layers);

/// Who made the recordings, by names LABEL_GROUP_TAKE (7_theo_0.wav: theo); empty when a name has no such
/// part, or none of them differs.
std::vector<std::string> recording_groups(std::span<const topology::Stimulus> stimuli);

/// The channels of an input as a layer: what can be told of the stimuli without a network. Rows are `shown`
/// in that order, by their ids; their windows are those of the recording. The layer's number is 0.
/// Throws InputError for an id that the recording does not hold, and what activations() throws.
topology::Activations input_activations(const proto::SpikeRecording& recording,
                                        std::span<const topology::Stimulus> shown,
                                        const topology::ActivationOptions& options);

}  // namespace chronotope::apps
