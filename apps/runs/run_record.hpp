// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "chronotope/apps/runs/file_digest.hpp"
#include "chronotope/core/decimal.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/core/time.hpp"
#include "chronotope/events/exactness.hpp"
#include "chronotope/proto/frame_stream.hpp"

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

/// An output of a run: its path, empty when there is none, and how far it has come.
struct RecordedOutput {
  std::string path;
  proto::Output::Place place{};
};

/// How far the recorders of the specification and their output have come; a column of its own.
struct RecordedStates {
  struct Recorder {
    std::uint64_t recorded = 0;  // times that are over
    std::uint64_t spikes = 0;    // since the last of them
    Time counted_from;           // those spikes
  };
  RecordedOutput output;
  std::vector<Recorder> recorders;
};

/// An option as it was given.
struct GivenOption {
  std::string name;
  std::string value;
};

/// What a run was told to do and how far its outputs have come: beside the engine's state, what `simulate
/// --resume` goes on from.
struct RunRecord {
  Time until;
  std::optional<Duration> snapshot_every;
  double snapshot_wall = 0;        // [s]; 0: none
  std::uint64_t keep = 2;          // checkpoint files that stay
  bool keeps_apart = false;        // states go into them only
  std::string spec_name;           // for errors
  std::string folder;              // where its relative paths start
  std::vector<FileDigest> inputs;  // files that the specification names
  RecordedOutput spikes;
  RecordedOutput weights;  // with recorded weights as far as they have come, else written at the end
  RecordedOutput histograms;
  std::vector<GivenOption> recorder;  // of recorded weights
  std::uint64_t recorded = 0;         // times at which weights were recorded
  bool record_inputs = false;
  bool potentials = false;
  std::optional<PartRecord> part{};        // with --reset; a column of its own
  std::optional<RecordedStates> states{};  // with recorders; a column of its own

  template <class Self, class Visit>
  static void state(Self& self, Visit visit) {
    visit(self.until, self.snapshot_every, self.snapshot_wall, self.keep, self.keeps_apart, self.spec_name,
          self.folder, self.inputs, self.spikes, self.weights, self.histograms, self.recorder, self.recorded,
          self.record_inputs, self.potentials);
  }
  void restored() const {
    if (until < Time() || until > Time() + stated_duration(Time::kMaxMs) ||
        (snapshot_every && *snapshot_every < stated_duration(1e-3)) || snapshot_wall < 0 || keep == 0)
      throw InputError("is no run's");
  }
};

}  // namespace chronotope::apps
