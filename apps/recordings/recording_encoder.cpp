// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/recordings/recording_encoder.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "chronotope/apps/interrupt.hpp"
#include "chronotope/apps/options/options.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/core/machine_memory.hpp"
#include "chronotope/events/stimuli/level_crossing.hpp"
#include "chronotope/proto/formats/camera_file.hpp"
#include "chronotope/proto/formats/input_file.hpp"
#include "chronotope/proto/formats/wav.hpp"

namespace chronotope::apps {
namespace {

constexpr std::uint32_t kMaxFilters = 65536;
constexpr double kHighestShare = 0.45;  // of the sample rate: just below the half that it can carry

const char* population_name(RecordingKind kind) {
  switch (kind) {
    case RecordingKind::kSound:
      return "cochlea";
    case RecordingKind::kAddressEvents:
      return "camera";
    case RecordingKind::kSeries:
      return "series";
    case RecordingKind::kSpokenSpikes:
      return "spoken";
    case RecordingKind::kEvents:
      break;
  }
  return "events";
}

std::uint32_t channels_of_tables(const std::vector<Recording>& recordings) {
  std::uint32_t highest = 0;
  for (const Recording& recording : recordings)
    for (const ChannelSpike& spike : recording.spikes) {
      if (spike.channel >= std::numeric_limits<std::int32_t>::max())
        throw FieldError({recording.path}, "channel", std::to_string(spike.channel),
                         "must be below 2147483647");
      highest = std::max(highest, spike.channel);
    }
  return highest + 1;
}

/// An OFF and an ON channel for each dimension.
std::uint32_t channels_of_series(const std::vector<Recording>& recordings) {
  const std::size_t dimensions = recordings[0].series.size();
  for (const Recording& recording : recordings)
    if (recording.series.size() != dimensions)
      throw InputError(fmt::format("{}: has {} dimensions, {} has {}; encode them separately", recording.path,
                                   recording.series.size(), recordings[0].path, dimensions));
  return static_cast<std::uint32_t>(2 * dimensions);
}

std::string pixels_of(const proto::Sensor& sensor) {
  return fmt::format("{} x {}", sensor.width, sensor.height);
}

/// That of the settings, or of the first camera recording.
proto::Sensor sensor_of(const EncoderSettings& settings, const Recording& recording) {
  constexpr std::uint32_t kMostOfBytes = 256;
  if (recording.kind != RecordingKind::kAddressEvents) return {};
  proto::InputFile file(recording.path);
  const bool is_bytes = proto::camera_format(file) == proto::CameraFormat::kAddressEvents;
  const proto::Sensor sensor = settings.sensor.value_or(proto::Sensor{});
  if (is_bytes)
    require(sensor.width <= kMostOfBytes && sensor.height <= kMostOfBytes, "sensor", pixels_of(sensor),
            ".bin and .bs2 have one byte for either: at most 256 x 256");
  if (is_bytes || settings.sensor) return sensor;
  const auto stated = proto::read_camera_file(file, {}).sensor;
  if (!stated)
    throw InputError(recording.path + ": does not tell its camera's pixels; --sensor WIDTHxHEIGHT does");
  return *stated;
}

std::uint32_t channels_needed(const proto::Sensor& sensor, const std::vector<Recording>& recordings) {
  switch (recordings[0].kind) {
    case RecordingKind::kAddressEvents:
      return sensor.channels();
    case RecordingKind::kSeries:
      return channels_of_series(recordings);
    case RecordingKind::kSpokenSpikes:
      return proto::SpokenSpikes::kUnits;
    default:
      return channels_of_tables(recordings);
  }
}

void check_kind(const EncoderSettings& settings, const Recording& recording) {
  const bool is_series = recording.kind == RecordingKind::kSeries;
  if (is_series && !(settings.delta && settings.step))
    throw InputError(recording.path +
                     ": series need --delta (how much a number changes from one spike to the "
                     "next) and --step (the milliseconds between two numbers)");
  if (!is_series && (settings.delta || settings.step))
    throw InputError(recording.path + ": --delta and --step go with series (.ts)");
  if (settings.duration && is_series)
    throw InputError(recording.path + ": --duration goes with events; a series lasts as long as its numbers");
  if (settings.duration && recording.kind == RecordingKind::kSound)
    throw InputError(recording.path + ": --duration goes with events; a sound lasts as long as its samples");
  if (settings.sensor && recording.kind != RecordingKind::kAddressEvents)
    throw InputError(recording.path +
                     ": --sensor goes with recordings of an event camera (.bin, .bs2, .aedat, .dat)");
}

std::uint32_t channel_count(const EncoderSettings& settings, const proto::Sensor& sensor,
                            const std::vector<Recording>& recordings) {
  const std::optional<std::uint32_t> given = settings.channels;
  if (recordings[0].kind == RecordingKind::kSound) {
    const std::uint32_t filters = given.value_or(events::Cochlea::Parameters{}.channels);
    require(filters <= kMaxFilters, "channels", std::to_string(filters), "at most 65536 for sound");
    return filters;
  }
  const std::uint32_t needed = channels_needed(sensor, recordings);
  require(given.value_or(needed) >= needed, "channels", std::to_string(given.value_or(needed)),
          fmt::format("the recordings have {} channels", needed));
  return given.value_or(needed);
}

}  // namespace

RecordingEncoder::RecordingEncoder(const EncoderSettings& settings, const std::vector<Recording>& recordings)
    : settings_(settings),
      sensor_(sensor_of(settings, recordings[0])),
      population_(population_name(recordings[0].kind)),
      channels_(channel_count(settings, sensor_, recordings)) {
  check_kind(settings, recordings[0]);
}

std::string RecordingEncoder::description() const {
  if (settings_.sensor) return "camera of " + pixels_of(sensor_);
  if (settings_.delta)
    return fmt::format("level crossing, delta {}, step {} ms", to_string(*settings_.delta),
                       to_text(*settings_.step));
  if (population_ != "cochlea") return population_;
  const std::string high = settings_.f_high ? to_string(*settings_.f_high) + " Hz"
                                            : to_string(kHighestShare) + " of the sample rate";
  return fmt::format("cochlea from {} Hz to {}", to_string(settings_.f_low), high);
}

void RecordingEncoder::tune(const std::string& path, double sample_rate) {
  if (sample_rate == sample_rate_) return;
  if (sample_rate_ != 0 && !settings_.f_high)
    throw InputError(
        fmt::format("{}: is sampled at {} Hz, the recordings before at {} Hz; give --f-high, so that "
                    "channels mean the same frequencies",
                    path, sample_rate, sample_rate_));
  sample_rate_ = sample_rate;
  events::Cochlea::Parameters parameters;
  constexpr double kBytesPerChannel = 200;  // of filters, and a sound's own
  require_memory(kBytesPerChannel * channels_, std::to_string(channels_) + " channels of a cochlea");
  parameters.channels = channels_;
  parameters.f_low = settings_.f_low;
  parameters.f_high = settings_.f_high.value_or(kHighestShare * sample_rate);
  try {
    cochlea_.emplace(parameters, sample_rate);
  } catch (const InputError& error) {
    throw InputError(path + ": " + error.what());
  }
}

Presentation RecordingEncoder::listen(const std::string& path) {
  const proto::Sound sound = proto::read_wav(path);
  tune(path, sound.sample_rate);
  return {Duration::nearest(1000 * static_cast<double>(sound.samples.size()) / sound.sample_rate),
          cochlea_->listen(sound.samples, Interrupt::check)};
}

Presentation RecordingEncoder::watch(const std::string& path) const {
  constexpr double kTicksPerMicrosecond = kTicksPerMs / 1000;
  proto::InputFile file(path);
  const proto::CameraRecording recording = proto::read_camera_file(file, sensor_);
  if (recording.sensor && !settings_.sensor &&
      (recording.sensor->width != sensor_.width || recording.sensor->height != sensor_.height))
    throw InputError(fmt::format("{}: is of {} pixels, the recordings before of {}; encode them separately",
                                 path, pixels_of(*recording.sensor), pixels_of(sensor_)));
  std::vector<ChannelSpike> spikes;
  for (const auto& event : recording.events) {
    if (event.x >= sensor_.width || event.y >= sensor_.height)
      throw InputError(
          fmt::format("{}: pixel ({}, {}) is outside the sensor of {} (--sensor WIDTHxHEIGHT "
                      "names another)",
                      path, event.x, event.y, pixels_of(sensor_)));
    spikes.push_back(
        {Time() + Duration::from_ticks(kTicksPerMicrosecond * static_cast<double>(event.time_us)),
         proto::channel(sensor_, event)});
  }
  std::sort(spikes.begin(), spikes.end());
  return bounded(path, std::move(spikes));
}

Presentation RecordingEncoder::follow(const Recording& recording) const {
  const events::LevelCrossing levels({*settings_.delta, *settings_.step});
  try {
    return {levels.duration(recording.series[0].size()), levels.encode(recording.series)};
  } catch (const InputError& error) {
    throw InputError(fmt::format("{}: {}: {}", recording.path, recording.name, error.what()));
  }
}

Presentation RecordingEncoder::recite(const Recording& recording) {
  if (spoken_path_ != recording.path) {
    spoken_.reset();
    spoken_ = std::make_unique<proto::SpokenSpikes>(recording.path);
    spoken_path_ = recording.path;
  }
  std::vector<ChannelSpike> spikes = spoken_->spikes(recording.sample);
  for (const ChannelSpike& spike : spikes)
    if (spike.channel >= channels_)
      throw InputError(fmt::format("{}: {} has unit {}, and there are {} channels (--channels)",
                                   recording.path, recording.name, spike.channel, channels_));
  return bounded(recording.path, std::move(spikes));
}

/// Requires: the spikes are in order.
Presentation RecordingEncoder::bounded(const std::string& path, std::vector<ChannelSpike> spikes) const {
  const Time last = spikes.empty() ? Time{} : spikes.back().time;
  const Duration ms = stated_duration(1);
  if (!settings_.duration) return {(floor_ratio(last - Time(), ms) + 1) * ms, std::move(spikes)};
  if (last >= Time{} + *settings_.duration)
    throw InputError(fmt::format("{}: an event at {} ms is not before the end, --duration {} ms", path,
                                 to_text(last), to_text(*settings_.duration)));
  return {*settings_.duration, std::move(spikes)};
}

Presentation RecordingEncoder::present(const Recording& recording) {
  switch (recording.kind) {
    case RecordingKind::kSound:
      return listen(recording.path);
    case RecordingKind::kAddressEvents:
      return watch(recording.path);
    case RecordingKind::kSeries:
      return follow(recording);
    case RecordingKind::kSpokenSpikes:
      return recite(recording);
    case RecordingKind::kEvents:
      break;
  }
  return bounded(recording.path, recording.spikes);
}

}  // namespace chronotope::apps
