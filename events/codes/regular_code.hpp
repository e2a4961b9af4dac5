// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chronotope/events/codes/frame_code.hpp"

namespace chronotope::events {

/// Evenly spaced spikes at u times the highest rate: one whenever the integral of the rate passes a whole number
/// and a half. Any frame's count, and that of any number of frames, is less than one spike off: a frame tells u
/// to 1/n, n = highest rate times frame.
class RegularCode : public FrameCode {
 public:
  explicit RegularCode(double high) : high_(high) {}  // [Hz], > 0

  void encode(std::span<const double> values, Duration frame, RandomStream& random,
              std::vector<LineSpike>& spikes) const override;
  std::vector<double> decode(std::span<const LineSpike> spikes, std::size_t frames,
                             Duration frame) const override {
    return counted(spikes, frames, frame, 1000 / (high_ * frame.ms()));
  }

 private:
  double high_;
};

}  // namespace chronotope::events
