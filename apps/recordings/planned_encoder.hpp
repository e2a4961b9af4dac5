// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "chronotope/apps/recordings/planned_codes.hpp"
#include "chronotope/apps/recordings/recording.hpp"
#include "chronotope/apps/recordings/recording_encoder.hpp"

namespace chronotope::apps {

/// Numbers by channel and frame.
using FrameValues = std::vector<std::vector<double>>;

/// A spike of one of several populations; time counts from the onset.
struct PlannedSpike {
  Time time;
  std::uint32_t population = 0;
  std::uint32_t channel = 0;

  friend auto operator<=>(const PlannedSpike&, const PlannedSpike&) = default;
};

/// Where a population's line of a channel is among its inputs: behind that line of all channels before it, and
/// those behind all lines of a lower number.
inline std::uint32_t line_place(std::uint32_t line, std::uint32_t channel, std::uint32_t channels) {
  return line * channels + channel;
}

/// Recordings to spikes of several populations by a plan: each tells the same numbers in a code of its own. The
/// numbers of series are theirs; of other recordings how often a channel spikes in a frame when it is encoded
/// without a plan.
class PlannedEncoder {
 public:
  /// Resolves the plan's range, for which all recordings are read unless it is stated; `checkpoint` is called after
  /// each of them. `file` is the plan's, for errors. Requires: recordings are of one kind, and at least one.
  PlannedEncoder(EncoderPlan plan, const std::string& file, const EncoderSettings& settings,
                 std::uint64_t seed, const std::vector<Recording>& recordings,
                 const std::function<void()>& checkpoint);

  /// With its range.
  const EncoderPlan& plan() const { return plan_; }
  std::span<const PlannedCode> codes() const { return codes_; }
  std::uint32_t channels() const { return channels_; }
  Duration frame() const { return frame_; }
  /// Numbers u in [0, 1], 0 where the plan's range is empty.
  FrameValues scaled(const FrameValues& values) const;

  struct Presentation {
    Duration duration;  // whole frames
    FrameValues values;
    std::vector<PlannedSpike> spikes;  // in order
  };
  Presentation present(const Recording& recording);

 private:
  FrameValues values(const Recording& recording);
  void resolve_range(const std::vector<Recording>& recordings, const std::function<void()>& checkpoint);
  double scaled_value(double x) const;

  EncoderPlan plan_;
  std::uint64_t seed_;
  Duration frame_;
  std::vector<PlannedCode> codes_;
  std::optional<RecordingEncoder> encoder_;  // of what is no series
  std::uint32_t channels_;
};

}  // namespace chronotope::apps
