// SPDX-License-Identifier: Apache-2.0
#include "chronotope/events/codes/regular_code.hpp"

namespace chronotope::events {

void RegularCode::encode(std::span<const double> values, Duration frame, RandomStream&,
                         std::vector<LineSpike>& spikes) const {
  double passed = 0.5;  // of the way to the next spike
  for (std::size_t k = 0; k < values.size(); ++k) {
    const double expected = values[k] * high_ * frame.ms() / 1000;
    double next = 1 - passed;
    for (; next <= expected; next += 1) spikes.push_back({in_frame(k, next / expected, frame), 0});
    passed = 1 - (next - expected);
  }
}

}  // namespace chronotope::events
