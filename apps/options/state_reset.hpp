// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "chronotope/apps/options/option.hpp"
#include "chronotope/apps/runs/input_spikes.hpp"
#include "chronotope/core/network.hpp"
#include "chronotope/core/network_description.hpp"
#include "chronotope/proto/spec_codec.hpp"

namespace chronotope::apps {

/// --reset, of the verbs that present stimuli.
Option reset_option();

/// When the state of a network returns to its start in a run that ends at `until`.
struct Resets {
  std::vector<Time> times;  // ascending, after 0
  Time until;
};

/// At the onset of every mark, but not at 0, where the state is at its start, nor within a memory signal, whose
/// steps are marks. Throws InputError without marks, and when the network has a state that is not one part's
/// alone: rewards, currents that change or the scaling of weights.
Resets resets_of(const proto::DecodedSpec& spec, Time until);

/// A network in the parts of a run between the resets of its state.
///
/// A part is a run from time 0 of the network as it was built, with the same draws, but with the weights that the
/// part before has ended with. So potentials, currents, refractoriness, short-term plasticity and the traces of
/// STDP are at their start; spikes on their way are lost, as is one that rounds to the reset; and what happens in
/// a part depends on its inputs and the weights at its begin alone. Inputs go on by themselves.
///
/// Cost: the network is described and built once per part; the spikes of a part's inputs are held in memory.
class RunParts {
 public:
  RunParts(const NetworkDescription& network, const Resets& resets);

  /// Of the present part; the last one has no end.
  Time begin() const { return part_ == 0 ? Time() : resets_[part_ - 1]; }
  Time end() const { return part_ == resets_.size() ? Time::never() : resets_[part_]; }

  /// Goes on to the part that begins at `t`. Throws InputError when none does from here on.
  void move_to(Time t);
  /// The network in the present part: its inputs are lists of spikes; they and learn_until count from begin().
  /// Requires: not asked of this part before.
  const NetworkDescription& describe();

 private:
  void freeze();

  NetworkDescription network_;
  std::vector<Time> resets_;
  Time until_;
  std::size_t part_ = 0;
  std::vector<std::pair<std::size_t, double>> learn_until_;  // of the projections that have one [ms]
  std::vector<std::vector<ChannelSpike>> heard_;             // by input, in the present part
  InputSpikes inputs_;
};

/// The weights at the soma that the plastic synapses of a network have learnt.
class LearntWeights {
 public:
  /// Requires: settled to `now`.
  LearntWeights(const Network& network, Time now);
  /// Requires: of the same description, but for times, and nothing was run yet.
  void give(Network& network) const;

 private:
  std::vector<std::string> packed_;  // by projection; empty where nothing learns
};

}  // namespace chronotope::apps
