// SPDX-License-Identifier: Apache-2.0
#include "chronotope/events/codes/frame_difference.hpp"

namespace chronotope::events {

namespace {

constexpr double kNearly = 1 - 1e-9;  // from 0.45 to 0.7 it is 0.25

}  // namespace

void FrameDifference::encode(std::span<const double> values, Duration frame, RandomStream&,
                             std::vector<LineSpike>& spikes) const {
  double before = 0;
  for (std::size_t k = 0; k < values.size(); ++k) {
    const double change = values[k] - before;
    if (change >= kNearly * threshold_) spikes.push_back({in_frame(k, 0, frame), 1});
    if (change <= -kNearly * threshold_) spikes.push_back({in_frame(k, 0, frame), 0});
    before = values[k];
  }
}

std::vector<double> FrameDifference::decode(std::span<const LineSpike> spikes, std::size_t frames,
                                            Duration frame) const {
  std::vector<double> changes(frames);
  for_each_in_frames(spikes, frames, frame,
                     [&](std::size_t k, double, std::uint32_t line) { changes[k] += line == 1 ? 1 : -1; });
  return changes;
}

}  // namespace chronotope::events
