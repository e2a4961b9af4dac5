// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chronotope/events/codes/frame_code.hpp"

namespace chronotope::events {

/// A Poisson train of u times the highest rate. A frame's count tells u with the standard deviation
/// sqrt(u / n), n = highest rate times frame.
class RateCode : public FrameCode {
 public:
  explicit RateCode(double high) : high_(high) {}  // [Hz], > 0

  void encode(std::span<const double> values, Duration frame, RandomStream& random,
              std::vector<LineSpike>& spikes) const override;
  std::vector<double> decode(std::span<const LineSpike> spikes, std::size_t frames,
                             Duration frame) const override;

 private:
  double high_;
};

}  // namespace chronotope::events
