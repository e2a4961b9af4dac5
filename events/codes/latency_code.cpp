// SPDX-License-Identifier: Apache-2.0
#include "chronotope/events/codes/latency_code.hpp"

namespace chronotope::events {

void LatencyCode::encode(std::span<const double> values, Duration frame, RandomStream&,
                         std::vector<LineSpike>& spikes) const {
  for (std::size_t k = 0; k < values.size(); ++k)
    if (values[k] > 0) spikes.push_back({in_frame(k, 1 - values[k], frame), 0});
}

std::vector<double> LatencyCode::decode(std::span<const LineSpike> spikes, std::size_t frames,
                                        Duration frame) const {
  std::vector<double> values(frames);
  for_each_in_frames(spikes, frames, frame,
                     [&](std::size_t k, double share, std::uint32_t) { values[k] = 1 - share; });
  return values;
}

}  // namespace chronotope::events
