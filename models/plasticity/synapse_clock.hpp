// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

#include "chronotope/core/parameter.hpp"
#include "chronotope/core/projection_source.hpp"
#include "chronotope/core/time.hpp"

namespace chronotope::models {

/// When something is at a synapse whose delay has a dendritic part d: an arrival d before it is at the soma, a
/// postsynaptic spike d after the soma fires it. The clock of the target is d behind the synapse: on it the
/// spike keeps its time and the arrival comes 2 d earlier. A d that all synapses share is taken off the times
/// of whole rows; own ones off those of each synapse. Learning ends at `learn_until` at the synapse.
class SynapseClock {
 public:
  explicit SynapseClock(const ProjectionSource& source)
      : dendritic_(source.dendritic_delays()),
        longest_(source.largest(std::ranges::max(dendritic_.values()))),
        shift_(dendritic_.is_shared() ? -2 * longest_ : Duration()),
        learn_until_(source.time("learn_until")) {}

  const Parameter<SynapseId, Duration>& dendritic() const { return dendritic_; }
  Duration longest() const { return longest_; }
  bool is_shared() const { return dendritic_.is_shared(); }

  /// The time of a row that is at the soma at t, and back.
  Time of_row(Time t) const { return t + shift_; }
  Time at_soma(Time of_row) const { return of_row - shift_; }
  /// A row's time at synapse s, on the clock of the target.
  Time at_synapse(SynapseId s, Time of_row) const {
    return dendritic_.is_shared() ? of_row : of_row - 2 * dendritic_[s];
  }
  /// Whether everything that is at the soma at t teaches, where there is no dendritic part.
  bool teaches(Time t) const { return t < learn_until_; }
  /// learn_until at synapse s, on the clock of the target.
  Time frozen_from(SynapseId s) const { return learn_until_ - dendritic_[s]; }

 private:
  Parameter<SynapseId, Duration> dendritic_;
  Duration longest_;
  Duration shift_;  // of a shared dendritic part
  Time learn_until_;
};

}  // namespace chronotope::models
