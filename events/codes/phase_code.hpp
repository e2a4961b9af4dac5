// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chronotope/events/codes/frame_code.hpp"

namespace chronotope::events {

/// One spike in every cycle of an oscillation that goes on through all frames, the earlier the larger u: (1 - u)
/// of a period after its begin, none for u = 0 (Hopfield 1995). u is the mean over a frame's cycles, told to a
/// tick's share of the period.
class PhaseCode : public FrameCode {
 public:
  /// Requires: every frame is a whole number of periods.
  explicit PhaseCode(Duration period) : period_(period) {}

  void encode(std::span<const double> values, Duration frame, RandomStream& random,
              std::vector<LineSpike>& spikes) const override;
  std::vector<double> decode(std::span<const LineSpike> spikes, std::size_t frames,
                             Duration frame) const override;

 private:
  std::size_t cycles(Duration frame) const { return static_cast<std::size_t>(floor_ratio(frame, period_)); }

  Duration period_;
};

}  // namespace chronotope::events
