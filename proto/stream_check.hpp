// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "chronotope/core/time.hpp"
#include "chronotope/proto/spike_codec.hpp"
#include "chronotope/proto/stream.pb.h"

namespace chronotope::proto {

/// The largest magnitude of a weight in a stream [pA or mV].
inline constexpr double kLargestWeight = 1e12;

/// Refuses what no reader of a stream has to expect; FrameReader asks it about every frame, so that whatever
/// it lets through can be used without another look.
///
/// 1. Populations come before inputs, have names of their own, and their neurons (and the inputs' channels)
///    have numbers below 2^32 together.
/// 2. Indices of populations, neurons, projections, synapses and stimuli are those of something listed
/// before.
/// 3. Parallel columns are equally long; what comes in chunks comes in order and whole: a snapshot holds as
///    many weights as it announces and all or none of each projection.
/// 4. Times lie from 0 to 1e12 ms. Those of a population's spikes, of snapshots and of what is recorded never
///    decrease, and no spike after a snapshot is earlier than it.
/// 5. Weights, potentials and recorded values are finite, weights at most kLargestWeight in magnitude.
/// 6. One header, one summary behind everything else.
/// 7. A part of a run is of neurons that there are, and tells of no others.
///
/// Errors: InputError "field: value is not allowed (range)", without the file's name.
class StreamCheck {
 public:
  explicit StreamCheck(const Header& header);

  /// Must be told of every frame after the header in order, the End frame too.
  void take(const Envelope& envelope);

 private:
  struct Population {
    std::uint32_t size = 0;
    bool is_input = false;
    std::uint32_t first = 0;  // of those that a part has
    std::uint32_t last = 0;   // behind them
    Time last_spike;
  };
  /// What all chunks of a projection have in common.
  struct Ends {
    std::uint32_t source = 0;
    std::uint32_t target = 0;
    bool plastic = false;

    bool operator==(const Ends&) const = default;
  };
  struct Projection {
    Ends ends;
    std::uint64_t count = 0;    // synapses so far
    std::uint64_t weights = 0;  // of the open snapshot, so far
  };
  struct OpenSnapshot {
    std::uint64_t announced = 0;
    std::uint64_t weights = 0;
    std::map<std::uint32_t, std::uint64_t> potentials;  // so far, per population
  };

  void take(const StreamPart& part);
  Population& population(const char* field, std::uint32_t p);
  Projection& projection(std::uint32_t number);
  void take(const SpikeBlock& block);
  void take(const Synapses& chunk);
  void take(const Snapshot& snapshot);
  void take(const NeuronStates& chunk);
  void take(const Weights& chunk);
  void take(const WeightSample& sample);
  void take(const Recording& recording);
  void take(const StimulusPotentials& chunk);
  void close_snapshot();
  void advance(const char* what, Time time);

  std::vector<Population> populations_;
  std::map<std::uint32_t, Projection> projections_;
  std::optional<OpenSnapshot> open_;
  std::uint64_t marks_ = 0;
  Time snapshot_;  // the last one
  Time recorded_;  // the last snapshot or recorded weights
  bool has_snapshot_ = false;
  bool has_summary_ = false;
  std::vector<PopulationSpike> spikes_;  // of the block that is looked at
};

}  // namespace chronotope::proto
