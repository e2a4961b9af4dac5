// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "chronotope/core/network_description.hpp"
#include "chronotope/core/time.hpp"

namespace chronotope::events {

/// Series of numbers in, spikes out: send-on-delta, or level-crossing sampling with a hysteresis of one level
/// (Miskowicz 2006). A dimension is read as the straight lines between its samples: 0 at the onset, sample k
/// (from 0) after k + 1 steps, the last one held for one more step. With a level L, a whole number that
/// starts at 0:
///     x(t) = (L + 1) delta  ->  a spike of the ON channel,  L grows by 1;
///     x(t) = (L - 1) delta  ->  a spike of the OFF channel, L falls by 1,
/// each at its exact time. So |x(t) - delta L(t)| < delta but at the spikes: the count of ON less that of OFF
/// spikes tells x to one delta, from its first sample on.
///
/// Dimension d of D has the channels d (OFF) and D + d (ON), the order of an event camera's. A sample that is
/// within 1e-9 deltas of a level lies on it: 0.3 reaches the third level of 0.1, as decimals do.
class LevelCrossing {
 public:
  /// delta > 0, in the unit of the numbers; step > 0: the time between two samples.
  struct Parameters {
    double delta;
    Duration step;
  };

  explicit LevelCrossing(const Parameters& parameters) : parameters_(parameters) {}

  /// How long a series of so many samples lasts: one step more than it has samples. All its spikes are
  /// before.
  Duration duration(std::size_t samples) const {
    return (static_cast<std::int64_t>(samples) + 1) * parameters_.step;
  }

  /// The spikes of one recording in (time, channel) order; time counts from the onset.
  /// Requires: equally long dimensions, finite numbers. Throws InputError when a number is farther from 0
  /// than a million deltas. O(samples + spikes log spikes).
  std::vector<ChannelSpike> encode(std::span<const std::vector<double>> dimensions) const;

 private:
  Parameters parameters_;
};

}  // namespace chronotope::events
