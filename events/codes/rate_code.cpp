// SPDX-License-Identifier: Apache-2.0
#include "chronotope/events/codes/rate_code.hpp"

#include "chronotope/core/exponential.hpp"

namespace chronotope::events {

/// Intervals of a train of rate 1 are drawn and stretched by the rate of the frame they are in, which is exact.
void RateCode::encode(std::span<const double> values, Duration frame, RandomStream& random,
                      std::vector<LineSpike>& spikes) const {
  double left = -log(random.uniform());  // to the next spike, as an expected number of spikes
  for (std::size_t k = 0; k < values.size(); ++k) {
    const double expected = values[k] * high_ * frame.ms() / 1000;
    double used = 0;
    for (; left <= expected - used; left = -log(random.uniform())) {
      used += left;
      spikes.push_back({in_frame(k, used / expected, frame), 0});
    }
    left -= expected - used;
  }
}

std::vector<double> RateCode::decode(std::span<const LineSpike> spikes, std::size_t frames,
                                     Duration frame) const {
  return counted(spikes, frames, frame, 1000 / (high_ * frame.ms()));
}

}  // namespace chronotope::events
