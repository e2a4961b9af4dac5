// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chronotope/events/codes/frame_code.hpp"

namespace chronotope::events {

/// Population coding by Gaussian receptive fields (Bohte, La Poutre and Kok 2002): of K lines, line i (from 0) has
/// its centre at (i - 1/2)/(K - 2) and the width 1/(1.5 (K - 2)). It is excited by a = exp(-(u - centre)^2/(2
/// width^2)) and fires once a frame, the earlier the stronger: at (1 - a) frame, not at all below a = 0.1. Every u
/// excites two lines at least, whose latencies tell it to some ticks' share of the frame.
class ReceptiveFields : public FrameCode {
 public:
  explicit ReceptiveFields(std::uint32_t lines) : lines_(lines) {}  // >= 3

  std::uint32_t lines() const override { return lines_; }
  void encode(std::span<const double> values, Duration frame, RandomStream& random,
              std::vector<LineSpike>& spikes) const override;
  std::vector<double> decode(std::span<const LineSpike> spikes, std::size_t frames,
                             Duration frame) const override;

 private:
  double centre(std::uint32_t line) const { return (line - 0.5) / (lines_ - 2.0); }
  double width() const { return 1 / (1.5 * (lines_ - 2.0)); }

  std::uint32_t lines_;
};

}  // namespace chronotope::events
