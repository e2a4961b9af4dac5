// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "chronotope/models/learning/gradient_method.hpp"
#include "chronotope/proto/spec_codec.hpp"

namespace chronotope::apps {

/// Which stimuli: a share drawn at random ("0.1"), or those whose name, LABEL_SPEAKER_TAKE, has one of some
/// values ("speaker=theo,lucas", "take=0-4").
struct StimulusChoice {
  std::optional<double> share;
  std::size_t field = 0;  // of the name
  std::vector<std::string> values{};

  /// Throws InputError for text that is neither.
  static StimulusChoice parse(const std::string& option, const std::string& text);
  bool holds(const proto::Stimulus& stimulus) const;
};

/// The stimuli of a stream as labelled items, apart in three parts.
struct TrainingItems {
  std::vector<std::string> labels;  // of the classes, in order
  std::vector<models::Item> items;  // one per stimulus
  std::vector<std::size_t> training, validation, test;
  std::size_t chosen_to_test = 0;  // beside those of phase PROBE

  std::vector<const models::Item*> part(const std::vector<std::size_t>& places) const;
};

struct ItemOptions {
  std::optional<Duration> longest;  // of a stimulus that is presented
  Duration tail;                    // silence after it
  std::optional<StimulusChoice> validation;
  std::optional<StimulusChoice> test;  // beside marks of phase PROBE
  std::uint64_t seed = 0;              // of a share
  bool has_labels = true;              // else all items are of one class, which has no name
};

/// Cuts the spikes of all inputs of a network at its stimuli; channels of inputs are numbered one after the
/// other. Throws InputError without stimuli or labels, or for one class alone. `known`: the labels of a
/// network that was trained before, which all stimuli must have.
TrainingItems cut_items(const proto::DecodedSpec& spec, const ItemOptions& options,
                        const std::vector<std::string>& known = {});

}  // namespace chronotope::apps
