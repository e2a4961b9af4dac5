// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chronotope/events/codes/frame_code.hpp"

namespace chronotope::events {

/// What changed since the frame before, as a camera that compares frames sees it: a spike at the frame's begin, on
/// line 1 (ON) where u grew by the threshold or more, on line 0 (OFF) where it fell so; before the first frame u is
/// 0. What lies within 1e-9 of the threshold reaches it. decode() tells the changes alone: 1, -1 or 0.
class FrameDifference : public FrameCode {
 public:
  explicit FrameDifference(double threshold) : threshold_(threshold) {}  // > 0

  std::uint32_t lines() const override { return 2; }
  bool is_complete() const override { return false; }
  void encode(std::span<const double> values, Duration frame, RandomStream& random,
              std::vector<LineSpike>& spikes) const override;
  std::vector<double> decode(std::span<const LineSpike> spikes, std::size_t frames,
                             Duration frame) const override;

 private:
  double threshold_;
};

}  // namespace chronotope::events
