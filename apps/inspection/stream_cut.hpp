// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/program_options.hpp>
#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "chronotope/apps/options/option.hpp"
#include "chronotope/core/time.hpp"
#include "chronotope/proto/stream.pb.h"

namespace chronotope::apps {

/// What of a stream is looked at or copied: spikes and stimuli that begin in [from, until), snapshots and recorded
/// weights in [from, until], of the kinds that are named. What belongs to a stimulus or snapshot goes with it.
/// Stimuli keep their order, and potentials name them by their new places. A summary is of the whole run and goes
/// with nothing less.
class StreamCut {
 public:
  /// --from, --until and --only.
  static OptionGroup options();
  /// Throws InputError.
  explicit StreamCut(const boost::program_options::variables_map& values);

  /// Everything is kept.
  bool is_whole() const { return !from_ && !until_ && kinds_.empty(); }
  /// Another stream begins, the stimuli of which are numbered behind those before it.
  void begin_stream() { marks_.clear(); }
  /// What is kept of the next frame, if anything is.
  std::optional<Envelope> keep(Envelope envelope);

 private:
  enum class Kind { kSpikes, kStimuli, kSnapshots, kStates, kWeights, kRecordings, kPotentials, kOthers };

  bool has(Kind kind) const { return kinds_.empty() || kinds_.contains(kind); }
  bool is_inside(Time time) const;
  bool is_at_most_until(Time time) const;
  bool keep_spikes(SpikeBlock& block) const;
  bool keep_stimulus(const StimulusMark& mark);
  bool keep_potentials(StimulusPotentials& potentials) const;

  std::optional<Time> from_;
  std::optional<Time> until_;
  std::set<Kind> kinds_;                             // empty: all
  bool is_snapshot_kept_ = true;                     // the present one
  std::vector<std::optional<std::uint32_t>> marks_;  // new places of the stimuli of this stream
  std::uint32_t kept_marks_ = 0;
};

}  // namespace chronotope::apps
