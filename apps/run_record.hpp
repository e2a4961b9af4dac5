// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "chronotope/apps/population_rates.hpp"
#include "chronotope/core/time.hpp"
#include "chronotope/events/exactness.hpp"

namespace chronotope::apps {

/// The part of a run between two resets of its state.
struct PartRecord {
  Time begin;
  events::EventCounts counts_before;

  template <class Self, class Visit>
  static void state(Self& self, Visit visit) {
    visit(self.begin, self.counts_before);
  }
};

/// What a run was told to do and how far its outputs have come: beside the engine's state, what `simulate
/// --resume` goes on from.
struct RunRecord {
  Time until;
  std::optional<Duration> snapshot_every;
  std::string spec_name;  // for errors
  std::string folder;     // where its relative paths start
  std::string spikes;     // paths of outputs, empty when there is none
  std::uint64_t spikes_bytes = 0;
  std::string weights;
  bool record_inputs = false;
  bool potentials = false;
  std::optional<PartRecord> part{};  // with --reset; a column of its own

  template <class Self, class Visit>
  static void state(Self& self, Visit visit) {
    visit(self.until, self.snapshot_every, self.spec_name, self.folder, self.spikes, self.spikes_bytes,
          self.weights, self.record_inputs, self.potentials);
  }
};

}  // namespace chronotope::apps
