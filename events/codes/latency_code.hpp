// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chronotope/events/codes/frame_code.hpp"

namespace chronotope::events {

/// One spike a frame, the earlier the larger u: at (1 - u) frame, none for u = 0 (Thorpe, Delorme and Van Rullen
/// 2001). Tells u to a tick's share of the frame.
class LatencyCode : public FrameCode {
 public:
  void encode(std::span<const double> values, Duration frame, RandomStream& random,
              std::vector<LineSpike>& spikes) const override;
  std::vector<double> decode(std::span<const LineSpike> spikes, std::size_t frames,
                             Duration frame) const override;
};

}  // namespace chronotope::events
