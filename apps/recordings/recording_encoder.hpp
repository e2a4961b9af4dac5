// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "chronotope/apps/recordings/recording.hpp"
#include "chronotope/core/time.hpp"
#include "chronotope/events/stimuli/cochlea.hpp"
#include "chronotope/proto/formats/address_events.hpp"
#include "chronotope/proto/formats/spoken_spikes.hpp"

namespace chronotope::apps {

/// What the user may set; the rest is the cochlea's defaults.
struct EncoderSettings {
  std::optional<std::uint32_t> channels;  // default: 64 for sound, the sensor's, as many as are needed
  double f_low = 100;                     // [Hz]
  std::optional<double> f_high;           // [Hz]; default: 0.45 times the sample rate
  std::optional<proto::Sensor> sensor;    // default: the recordings', or N-MNIST's when they state none
  std::optional<Duration> duration;       // of events; default: to the end of the last one's millisecond
  std::optional<double> delta;            // of series: from one level to the next; must be given
  std::optional<Duration> step;           // of series: from one sample to the next; must be given
};

/// What one recording becomes.
struct Presentation {
  Duration duration;
  std::vector<ChannelSpike> spikes;  // (time, channel) order; time counts from the onset
};

/// Recordings to spikes. All sounds go through one cochlea, so that a channel means the same in each.
class RecordingEncoder {
 public:
  /// Requires: recordings are of one kind, and at least one.
  /// Throws InputError when the settings do not fit the recordings.
  RecordingEncoder(const EncoderSettings& settings, const std::vector<Recording>& recordings);

  /// What the channels stand for: cochlea, camera, series, events or spoken.
  const std::string& population() const { return population_; }
  std::uint32_t channels() const { return channels_; }
  /// The settings in words, for the stream's header.
  std::string description() const;

  /// Sound lasts as long as its samples, a series one step longer; events, which have no end of their own, as
  /// long as the settings say. Throws InputError that names the recording when it is broken or lasts longer.
  Presentation present(const Recording& recording);

 private:
  Presentation listen(const std::string& path);
  Presentation watch(const std::string& path) const;
  Presentation follow(const Recording& recording) const;
  Presentation recite(const Recording& recording);
  Presentation bounded(const std::string& path, std::vector<ChannelSpike> spikes) const;
  void tune(const std::string& path, double sample_rate);

  EncoderSettings settings_;
  proto::Sensor sensor_;  // of camera recordings
  std::string population_;
  std::uint32_t channels_ = 0;
  double sample_rate_ = 0;  // of the sounds so far; 0 before the first
  std::optional<events::Cochlea> cochlea_;
  std::unique_ptr<proto::SpokenSpikes> spoken_;  // the file that the last spoken spikes were of
  std::string spoken_path_;
};

}  // namespace chronotope::apps
