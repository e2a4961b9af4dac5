// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>

#include "chronotope/proto/spec_codec.hpp"
#include "chronotope/proto/text_spec.hpp"
#include "chronotope/tests/fuzz/target.hpp"

namespace chronotope::fuzz {

/// Whether decoding it would read other files.
inline bool names_files(const NetworkSpec& spec) {
  const auto names_one = [](const auto& part) { return part.has_csv() || part.has_spike_stream(); };
  return std::any_of(spec.input().begin(), spec.input().end(), names_one) ||
         std::any_of(spec.reward().begin(), spec.reward().end(), names_one);
}

/// Parses and decodes a specification; the name of its file says how it is written.
inline void read_specification(const std::string& bytes, const std::string& name) {
  expect_read_or_refused([&] {
    proto::SpecText text;
    proto::parse_spec(bytes, name, text);
    if (!names_files(text.message)) proto::decode(text);
  });
}

}  // namespace chronotope::fuzz
