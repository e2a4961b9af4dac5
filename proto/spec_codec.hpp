// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <vector>

#include "chronotope/core/network_description.hpp"
#include "chronotope/proto/spike_codec.hpp"
#include "chronotope/proto/text_spec.hpp"

namespace chronotope::proto {

/// A recorder of the specification: what of which neurons, when.
struct RecorderSpec {
  std::uint32_t population = 0;
  std::vector<std::uint32_t> neurons;  // empty: all
  bool potentials = false;
  bool currents = false;
  bool rate = false;
  std::optional<Duration> every;
  std::vector<Time> times;  // ascending, when there is no `every`
  Field field;
};

/// A validated network and the marks of the spike streams it listens to.
struct DecodedSpec {
  NetworkDescription network;
  std::vector<Stimulus> stimuli;
  std::vector<RecorderSpec> recorders{};
  std::vector<std::filesystem::path> files{};  // all that the specification names and that were read
  std::set<std::filesystem::path> marks_of{};  // streams whose marks are in `stimuli`
  std::uint64_t rounded_times = 0;             // stated with more than 12 decimals of a millisecond
};

/// Checks every field and reads the spike files the specification names. Model parameters are taken over by
/// their field names, so a new model needs a message and nothing here. Errors: FieldError with file, line,
/// field, value and range.
DecodedSpec decode(const SpecText& text);

}  // namespace chronotope::proto
