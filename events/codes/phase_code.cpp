// SPDX-License-Identifier: Apache-2.0
#include "chronotope/events/codes/phase_code.hpp"

namespace chronotope::events {

void PhaseCode::encode(std::span<const double> values, Duration frame, RandomStream&,
                       std::vector<LineSpike>& spikes) const {
  const std::size_t count = cycles(frame);
  for (std::size_t k = 0; k < values.size(); ++k)
    for (std::size_t cycle = 0; values[k] > 0 && cycle < count; ++cycle)
      spikes.push_back({in_frame(k * count + cycle, 1 - values[k], period_), 0});
}

std::vector<double> PhaseCode::decode(std::span<const LineSpike> spikes, std::size_t frames,
                                      Duration frame) const {
  const std::size_t count = cycles(frame);
  std::vector<double> values(frames);
  for_each_in_frames(spikes, frames * count, period_, [&](std::size_t cycle, double share, std::uint32_t) {
    values[cycle / count] += (1 - share) / static_cast<double>(count);
  });
  return values;
}

}  // namespace chronotope::events
