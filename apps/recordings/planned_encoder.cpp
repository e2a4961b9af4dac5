// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/recordings/planned_encoder.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "chronotope/core/error.hpp"
#include "chronotope/core/machine_memory.hpp"

namespace chronotope::apps {
namespace {

bool is_series(const Recording& recording) { return recording.kind == RecordingKind::kSeries; }

void require_dimensions(const Recording& recording, std::size_t dimensions) {
  if (recording.series.size() != dimensions)
    throw InputError(fmt::format("{}: {} has {} dimensions, those before it have {}", recording.path,
                                 recording.name, recording.series.size(), dimensions));
}

void require_no_own_code(const EncoderSettings& settings) {
  if (settings.delta || settings.step)
    throw InputError(
        "--plan: stands for --delta and --step; its frame is the time between two numbers of a series");
}

/// How often each channel spikes in each frame.
FrameValues counted(const Presentation& presentation, std::uint32_t channels, Duration frame) {
  const std::int64_t whole = floor_ratio(presentation.duration, frame);
  const auto frames = static_cast<std::size_t>(whole * frame < presentation.duration ? whole + 1 : whole);
  require_memory(8.0 * channels * static_cast<double>(frames),
                 fmt::format("{} frames of {} channels", frames, channels));
  FrameValues values(channels, std::vector<double>(frames));
  for (const ChannelSpike& spike : presentation.spikes)
    values[spike.channel][static_cast<std::size_t>(floor_ratio(spike.time - Time(), frame))] += 1;
  return values;
}

}  // namespace

PlannedEncoder::PlannedEncoder(EncoderPlan plan, const std::string& file, const EncoderSettings& settings,
                               std::uint64_t seed, const std::vector<Recording>& recordings,
                               const std::function<void()>& checkpoint)
    : plan_(std::move(plan)), seed_(seed), frame_(frame_of(plan_, file)), codes_(planned_codes(plan_, file)) {
  require_no_own_code(settings);
  if (!is_series(recordings[0])) encoder_.emplace(settings, recordings);
  channels_ = encoder_ ? encoder_->channels() : static_cast<std::uint32_t>(recordings[0].series.size());
  resolve_range(recordings, checkpoint);
  if (!(std::isfinite(plan_.low()) && std::isfinite(plan_.high()) && plan_.low() <= plan_.high()))
    throw FieldError({file, 0}, "low, high", to_string(plan_.low()) + ", " + to_string(plan_.high()),
                     "must be finite and not descend");
}

void PlannedEncoder::resolve_range(const std::vector<Recording>& recordings,
                                   const std::function<void()>& checkpoint) {
  if (!plan_.has_low() && encoder_) plan_.set_low(0);
  if (plan_.has_low() && plan_.has_high()) return;
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const Recording& recording : recordings) {
    checkpoint();
    for (const auto& channel : values(recording))
      for (const double x : channel) {
        low = std::min(low, x);
        high = std::max(high, x);
      }
  }
  if (!plan_.has_low()) plan_.set_low(std::isfinite(low) ? low : 0);
  if (!plan_.has_high()) plan_.set_high(std::isfinite(high) ? std::max(high, plan_.low()) : plan_.low());
}

FrameValues PlannedEncoder::values(const Recording& recording) {
  if (encoder_) return counted(encoder_->present(recording), channels_, frame_);
  require_dimensions(recording, channels_);
  return recording.series;
}

/// In [0, 1]; 0 where the range is empty.
double PlannedEncoder::scaled_value(double x) const {
  const double low = plan_.low(), high = plan_.high();
  return high > low ? std::clamp((x / 2 - low / 2) / (high / 2 - low / 2), 0.0, 1.0) : 0;
}

FrameValues PlannedEncoder::scaled(const FrameValues& values) const {
  FrameValues scaled = values;
  for (auto& channel : scaled)
    for (double& x : channel) x = scaled_value(x);
  return scaled;
}

PlannedEncoder::Presentation PlannedEncoder::present(const Recording& recording) {
  Presentation presentation{{}, values(recording), {}};
  const std::size_t frames = presentation.values.empty() ? 0 : presentation.values[0].size();
  presentation.duration = static_cast<std::int64_t>(frames) * frame_;
  std::vector<double> scaled(frames);
  std::vector<events::LineSpike> spikes;
  for (std::uint32_t channel = 0; channel < channels_; ++channel) {
    std::ranges::transform(presentation.values[channel], scaled.begin(),
                           [this](double x) { return scaled_value(x); });
    for (std::uint32_t p = 0; p < codes_.size(); ++p) {
      RandomStream random(seed_, Purpose("encode.plan." + codes_[p].population), recording.id, channel);
      spikes.clear();
      codes_[p].code->encode(scaled, frame_, random, spikes);
      for (const events::LineSpike& spike : spikes)
        presentation.spikes.push_back({Time() + spike.at, p, line_place(spike.line, channel, channels_)});
    }
  }
  std::ranges::sort(presentation.spikes);
  return presentation;
}

}  // namespace chronotope::apps
