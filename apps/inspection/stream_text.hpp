// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "chronotope/apps/inspection/state_contents.hpp"
#include "chronotope/core/time.hpp"
#include "chronotope/proto/stream.pb.h"

namespace chronotope::apps {

/// Tells on standard output what a stream holds while it is read; memory does not grow with its length. Times are
/// to 10^-6 ms and counts have their thousands grouped: a frame's JSON has all digits. Requires: frames that
/// StreamCheck let through.
class StreamText {
 public:
  /// Requires: `header` lives longer.
  explicit StreamText(const Header& header);
  void take(const Envelope& envelope);
  /// At the end of a stream of so many frames.
  void finish(std::uint64_t frames);

 private:
  struct WeightRange {
    double low = std::numeric_limits<double>::infinity();
    double high = -std::numeric_limits<double>::infinity();
    double sum = 0;
    std::uint64_t count = 0;

    void add(double w);
    std::string text() const;
  };

  void tell_part() const;
  void take_spikes(const SpikeBlock& block);
  void take_stimulus(const StimulusMark& mark);
  void take_synapses(const Synapses& synapses);
  void take_weights(const Weights& weights);
  void take_sample(const WeightSample& sample);
  void take_recording(const Recording& recording);
  void take_state_end(const StateEnd& end);
  void take_summary(const RunSummary& summary);
  void begin_snapshot(const Snapshot& snapshot);
  void end_snapshot();

  /// Of one quantity of a recorder.
  struct Recorded {
    std::uint64_t times = 0;
    std::uint64_t values = 0;
  };

  const Header& header_;
  std::map<std::pair<std::uint32_t, std::string>, Recorded> recorded_;
  std::vector<std::uint64_t> spikes_;  // per population
  std::vector<Time> last_;             // spike, per population
  std::map<std::uint32_t, std::uint64_t> synapses_;
  std::map<std::string, std::uint64_t> labels_;
  std::uint64_t stimuli_ = 0;
  std::uint64_t snapshots_ = 0;
  std::optional<WeightRange> weights_;  // of the snapshot that is being read
  std::uint64_t state_bytes_ = 0;       // of the columns of a state
  StateContents state_;
};

}  // namespace chronotope::apps
