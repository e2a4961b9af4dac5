// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <set>
#include <vector>

#include "chronotope/core/network_description.hpp"
#include "chronotope/proto/spike_codec.hpp"
#include "chronotope/proto/text_spec.hpp"

namespace chronotope::proto {

/// A validated network and the marks of the spike streams it listens to.
struct DecodedSpec {
  NetworkDescription network;
  std::vector<Stimulus> stimuli;
  std::vector<std::filesystem::path> files{};  // all that the specification names and that were read
  std::set<std::filesystem::path> marks_of{};  // streams whose marks are in `stimuli`
  std::uint64_t rounded_times = 0;             // stated with more than 12 decimals of a millisecond
};

/// Checks every field and reads the spike files the specification names. Model parameters are taken over by
/// their field names, so a new model needs a message and nothing here. Errors: FieldError with file, line,
/// field, value and range.
DecodedSpec decode(const SpecText& text);

}  // namespace chronotope::proto
