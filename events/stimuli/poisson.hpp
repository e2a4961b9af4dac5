// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "chronotope/core/exponential.hpp"
#include "chronotope/core/parameter_source.hpp"

namespace chronotope::events {

/// Independent Poisson trains, one line per channel: intervals -ln(u)/rate, to the resolution of time, from a
/// stream keyed by the channel. Memory: 128 bytes per channel.
class Poisson {
 public:
  static constexpr Range kRate{"must be from 0 to 1e9 Hz", [](double v) { return v >= 0 && v <= 1e9; }};

  Poisson(const InputSpec& input, const PoissonSpec& spec, std::uint64_t seed)
      : start_(spec.start), stop_(spec.stop), seed_(seed), purpose_(input.name + ".spikes") {
    constexpr double kMsPerSecond = 1000;
    for (std::uint32_t c = 0; c < input.size; ++c) {
      RandomStream parameters(seed, Purpose(input.name + ".rate"), c);
      const double rate = draw(spec.rate, kRate, parameters, c);
      channels_.push_back({spec.start, kMsPerSecond / rate, RandomStream(seed, purpose_, c)});
    }
  }

  std::uint32_t line_count() const { return static_cast<std::uint32_t>(channels_.size()); }

  // What a PrivateDrive needs to draw the same trains.
  double mean_interval(std::uint32_t line) const { return channels_[line].mean_interval; }
  Time start() const { return start_; }
  Time stop() const { return stop_; }
  std::uint64_t seed() const { return seed_; }
  Purpose purpose() const { return purpose_; }

  ChannelSpike next(std::uint32_t line) {
    Channel& channel = channels_[line];
    const double interval = round_to_resolution(-log(channel.stream.uniform()) * channel.mean_interval);
    if (channel.last.is_never() || !(interval < 1e15)) return {Time::never(), line};  // silent: a rate of 0
    channel.last = channel.last + Duration{interval};
    if (channel.last >= stop_) channel.last = Time::never();
    return {channel.last, line};
  }

 private:
  struct Channel {
    Time last;
    double mean_interval;  // [ms]
    RandomStream stream;
  };

  Time start_;
  Time stop_;
  std::uint64_t seed_;
  Purpose purpose_;
  std::vector<Channel> channels_;
};

}  // namespace chronotope::events
