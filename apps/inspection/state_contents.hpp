// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "chronotope/proto/stream.pb.h"

namespace chronotope::apps {

/// What a state in a stream holds and costs, told part by part: the run, the engine, each population, each
/// projection.
class StateContents {
 public:
  /// `synapses`: those of the projection, from where they were listed.
  void add_synapses(std::uint32_t projection, std::uint64_t synapses) { synapses_[projection] += synapses; }
  void add(const StateColumn& chunk);
  /// Lines of text, with the names that the stream's header has; what was added is forgotten.
  std::string take_text(const Header& header);

 private:
  struct Column {
    std::string path;
    std::uint64_t bytes;
  };

  std::vector<Column> columns_;
  std::map<std::uint32_t, std::uint64_t> synapses_;
};

}  // namespace chronotope::apps
