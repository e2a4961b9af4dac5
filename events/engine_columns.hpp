// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "chronotope/core/state.hpp"
#include "chronotope/events/event.hpp"
#include "chronotope/events/lane.hpp"

namespace chronotope::events {

/// Where an engine's columns go to, of the whole network or of its part of one. All ranks write the same columns.
class EngineColumns : public StateSink {
 public:
  /// The columns per synapse that follow are this projection's.
  virtual void begin(const SynapseGroup& projection) = 0;
  /// What is on its way here, in order, inputs' next spikes where this part tells them.
  virtual void write_waiting(const std::string& path, const std::vector<Event>& own) = 0;
  /// Where the lanes of a population are, its neurons numbered as in the whole.
  virtual void write_lanes(const std::string& path, const Lane::Progress& own) = 0;
};

}  // namespace chronotope::events
