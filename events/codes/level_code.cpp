// SPDX-License-Identifier: Apache-2.0
#include "chronotope/events/codes/level_code.hpp"

#include "chronotope/events/stimuli/level_crossing.hpp"

namespace chronotope::events {

void LevelCode::encode(std::span<const double> values, Duration frame, RandomStream&,
                       std::vector<LineSpike>& spikes) const {
  const LevelCrossing levels({delta_, frame});
  const std::vector<double> series(values.begin(), values.end());
  const Duration last = static_cast<std::int64_t>(values.size()) * frame - Duration::from_ticks(1);
  for (const ChannelSpike& spike : levels.encode(std::span(&series, 1)))
    spikes.push_back({std::min(spike.time - Time(), last), spike.channel});
}

std::vector<double> LevelCode::decode(std::span<const LineSpike> spikes, std::size_t frames,
                                      Duration frame) const {
  std::vector<double> values(frames);
  double level = 0;
  auto next = spikes.begin();
  for (std::size_t k = 0; k < frames; ++k) {
    const Duration end = static_cast<std::int64_t>(k + 1) * frame;
    const bool is_last = k + 1 == frames;
    for (; next != spikes.end() && (next->at <= end || is_last); ++next) level += next->line == 1 ? 1 : -1;
    values[k] = level * delta_;
  }
  return values;
}

}  // namespace chronotope::events
