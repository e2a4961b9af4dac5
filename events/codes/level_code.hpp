// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chronotope/events/codes/frame_code.hpp"

namespace chronotope::events {

/// Send-on-delta of the straight lines between the numbers (stimuli/level_crossing.hpp), on two lines, OFF and ON: 0
/// at the onset, number k at the end of frame k. ON less OFF spikes until then tell u to one delta.
class LevelCode : public FrameCode {
 public:
  explicit LevelCode(double delta) : delta_(delta) {}  // > 0

  std::uint32_t lines() const override { return 2; }
  void encode(std::span<const double> values, Duration frame, RandomStream& random,
              std::vector<LineSpike>& spikes) const override;
  std::vector<double> decode(std::span<const LineSpike> spikes, std::size_t frames,
                             Duration frame) const override;

 private:
  double delta_;
};

}  // namespace chronotope::events
