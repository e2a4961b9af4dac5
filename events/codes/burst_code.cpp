// SPDX-License-Identifier: Apache-2.0
#include "chronotope/events/codes/burst_code.hpp"

#include <cmath>

namespace chronotope::events {

void BurstCode::encode(std::span<const double> values, Duration frame, RandomStream&,
                       std::vector<LineSpike>& spikes) const {
  const auto& [most, shortest, longest] = parameters_;
  for (std::size_t k = 0; k < values.size(); ++k) {
    const auto count = static_cast<std::int64_t>(std::floor(values[k] * most + 0.5));
    const Duration interval = longest - scaled(longest - shortest, values[k]);
    for (std::int64_t n = 0; n < count; ++n)
      spikes.push_back({static_cast<std::int64_t>(k) * frame + n * interval, 0});
  }
}

std::vector<double> BurstCode::decode(std::span<const LineSpike> spikes, std::size_t frames,
                                      Duration frame) const {
  const auto& [most, shortest, longest] = parameters_;
  std::vector<double> values = counted(spikes, frames, frame, 1.0 / most);
  const LineSpike* before = nullptr;
  for (const LineSpike& spike : spikes) {
    const std::int64_t k = floor_ratio(spike.at, frame);
    const bool is_second = before != nullptr && before->at == k * frame;
    if (is_second && static_cast<std::size_t>(k) < frames)
      values[static_cast<std::size_t>(k)] =
          (longest - (spike.at - before->at)).ms() / (longest - shortest).ms();
    before = &spike;
  }
  return values;
}

}  // namespace chronotope::events
