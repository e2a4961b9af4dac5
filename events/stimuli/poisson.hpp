// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "chronotope/core/exponential.hpp"
#include "chronotope/core/parameter_source.hpp"

namespace chronotope::events {

/// Independent Poisson trains, one line per channel: intervals -ln(u)/rate from a stream keyed by the
/// channel. Memory: 128 bytes per channel.
class Poisson {
 public:
  static constexpr Range kRate{"must be from 0 to 1e9 Hz", [](double v) { return v >= 0 && v <= 1e9; }};

  Poisson(const InputSpec& input, const PoissonSpec& spec, std::uint64_t seed) : stop_(spec.stop) {
    constexpr double kMsPerSecond = 1000;
    for (std::uint32_t c = 0; c < input.size; ++c) {
      RandomStream parameters(seed, Purpose(input.name + ".rate"), c);
      const double rate = draw(spec.rate, kRate, parameters, c);
      channels_.push_back(
          {spec.start, kMsPerSecond / rate, RandomStream(seed, Purpose(input.name + ".spikes"), c)});
    }
  }

  std::uint32_t line_count() const { return static_cast<std::uint32_t>(channels_.size()); }

  ChannelSpike next(std::uint32_t line) {
    Channel& channel = channels_[line];
    const double interval = -log(channel.stream.uniform()) * channel.mean_interval;
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

  std::vector<Channel> channels_;
  Time stop_;
};

}  // namespace chronotope::events
