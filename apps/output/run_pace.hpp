// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "chronotope/core/time.hpp"

namespace chronotope::apps {

/// What the progress of a run says beside its bar: "1200 ms  2.1x  3.2e+06 events/s  saved 1000": the time simulated, its
/// speed against real time, synaptic events, and when the state was saved last [ms].
class RunPace {
 public:
  std::string note(Time now, std::uint64_t events, const std::optional<Time>& saved);

 private:
  struct Mark {
    std::chrono::steady_clock::time_point at = std::chrono::steady_clock::now();
    Time time;
    std::uint64_t events = 0;
  };
  std::optional<Mark> mark_;  // from which speed is measured, about a second ago
  double speed_ = 0;          // simulated per real time
  double rate_ = 0;           // [events/s]
};

}  // namespace chronotope::apps
