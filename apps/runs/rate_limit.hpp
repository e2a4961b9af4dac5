// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "chronotope/core/network_description.hpp"
#include "chronotope/core/time.hpp"

namespace chronotope::apps {

/// Notices a network that runs away: one of its populations fires faster than a limit, on the mean of its neurons
/// over 100 ms or as soon as it has spent what that allows.
class RateLimit {
 public:
  struct Exceeded {
    std::string what;
  };

  /// `most` [Hz]; 0: no limit.
  RateLimit(double most, const NetworkDescription& network);

  /// The run begins, or goes on, here.
  void begin(Time now) { begin_ = now; }
  void add_spike(std::uint32_t population) { ++spikes_[population]; }
  /// Throws Exceeded, one line that says who fired how fast. To be called every some milliseconds.
  void check(Time now);

 private:
  double most_;
  const NetworkDescription& network_;
  std::vector<std::uint64_t> spikes_;  // since `begin_`
  Time begin_;
};

}  // namespace chronotope::apps
