// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "chronotope/core/random_stream.hpp"
#include "chronotope/core/time.hpp"

namespace chronotope::events {

/// A spike on one of the lines of a channel; time counts from the onset.
struct LineSpike {
  Duration at;
  std::uint32_t line = 0;

  friend auto operator<=>(const LineSpike&, const LineSpike&) = default;
};

/// What the numbers of one channel become when they are told by spikes, and what such spikes tell: a number in
/// [0, 1] for each frame, frames of one length behind each other.
class FrameCode {
 public:
  virtual ~FrameCode() = default;

  /// How many lines a channel takes.
  virtual std::uint32_t lines() const { return 1; }
  /// Whether decode() gives numbers back, or only what changes.
  virtual bool is_complete() const { return true; }
  /// Appends the spikes in order of frames; none is at or beyond the last frame's end. Only codes that draw use
  /// `random`.
  virtual void encode(std::span<const double> values, Duration frame, RandomStream& random,
                      std::vector<LineSpike>& spikes) const = 0;
  /// A number for each of `frames`, as near as the code tells it. Requires: spikes in order of time.
  virtual std::vector<double> decode(std::span<const LineSpike> spikes, std::size_t frames,
                                     Duration frame) const = 0;
};

/// That share of frame k, rounded to a tick that is still in it. Requires: 0 <= share <= 1.
inline Duration in_frame(std::size_t k, double share, Duration frame) {
  return static_cast<std::int64_t>(k) * frame +
         std::min(scaled(frame, share), frame - Duration::from_ticks(1));
}

/// Calls what(k, share, line) for the spikes of frames 0 .. frames - 1.
template <class What>
void for_each_in_frames(std::span<const LineSpike> spikes, std::size_t frames, Duration frame, What what) {
  for (const LineSpike& spike : spikes) {
    const std::int64_t k = floor_ratio(spike.at, frame);
    if (k < 0 || static_cast<std::size_t>(k) >= frames) continue;
    what(static_cast<std::size_t>(k), (spike.at - k * frame).ms() / frame.ms(), spike.line);
  }
}

/// Each frame's number of spikes, times `unit`.
inline std::vector<double> counted(std::span<const LineSpike> spikes, std::size_t frames, Duration frame,
                                   double unit) {
  std::vector<double> values(frames);
  for_each_in_frames(spikes, frames, frame, [&](std::size_t k, double, std::uint32_t) { values[k] += 1; });
  for (double& value : values) value *= unit;
  return values;
}

}  // namespace chronotope::events
