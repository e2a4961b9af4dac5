// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "chronotope/proto/spec_codec.hpp"

namespace chronotope::apps {

/// The stimuli of a specification's inputs, cut apart so that they can be presented in any order.
///
/// Stimulus i owns everything from its onset to the onset of the next one (the last: to the end of the
/// inputs, and at least the shortest silence between two), so the silence after a stimulus stays with it.
/// Every input that is a list of spikes is cut at the same times; other inputs go on by themselves.
class StimulusSet {
 public:
  struct Slot {
    proto::Stimulus stimulus;
    Duration length;
    std::vector<std::vector<ChannelSpike>> spikes;  // per input, times counted from the onset as from 0
  };

  /// Throws InputError when there are no stimuli or when two overlap.
  explicit StimulusSet(const proto::DecodedSpec& spec);

  const std::vector<Slot>& slots() const { return slots_; }
  /// Spikes of all channels of an input per ms of presentation.
  double mean_rate(std::size_t input) const;

 private:
  std::vector<Slot> slots_;  // by onset
};

/// A random signal that a network is to remember: models::memory_signal, each value held for one step. In a
/// step of value u an even channel fires as a Poisson process at r (1 + u), an odd one at r (1 - u), r being
/// the mean rate of all channels of its input while the stimuli last.
struct MemoryCourse {
  std::size_t steps = 0;
  std::uint64_t seed = 0;
};
constexpr double kMemoryStep = 20;  ///< [ms]

/// What a network is shown: stimuli to learn from, then stimuli with frozen weights, then the memory signal.
struct Course {
  std::vector<std::size_t> training{};  // places in the StimulusSet, in the order of presentation
  std::vector<std::size_t> probe{};
  std::vector<std::vector<std::uint32_t>>
      channel_of{};     // while learning, per input and channel; empty: as recorded
  bool jitter = false;  // while learning, every spike 1e-11 ms earlier or later
  std::uint64_t jitter_seed = 0;
  MemoryCourse memory{};
};

struct Presented {
  Time frozen_from;  // the begin of the probe
  Time probed;       // its end
  Time end;
};

/// Replaces the inputs and stimulus marks of `spec` by the course. Training begins at 0, the probe at the
/// first whole epoch after it (or at 0, without training), and stimuli follow each other without a further
/// gap. A step of the memory signal is marked with phase MEMORY and its value as the label. A jittered spike
/// stays within its slot. Requires: `spec` has the inputs `set` was made of.
Presented present(const StimulusSet& set, const Course& course, proto::DecodedSpec& spec);

}  // namespace chronotope::apps
