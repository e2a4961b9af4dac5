// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <vector>

#include "chronotope/core/parameter_source.hpp"

namespace chronotope::events {

/// Equally spaced spikes, one line per channel: spike k is at start + k interval, computed to the
/// resolution of time however large k is.
class Regular {
 public:
  static constexpr Range kInterval{"must be from 1e-6 to 1e12 ms",
                                   [](double v) { return v >= 1e-6 && v <= Time::kMaxMs; }};

  Regular(const InputSpec& input, const RegularSpec& spec, std::uint64_t seed) : stop_(spec.stop) {
    for (std::uint32_t c = 0; c < input.size; ++c) {
      RandomStream intervals(seed, Purpose(input.name + ".interval"), c);
      RandomStream starts(seed, Purpose(input.name + ".start"), c);
      const double interval = draw(spec.interval, kInterval, intervals, c);
      const double start = spec.start ? draw(*spec.start, kTimeOfRun, starts, c) : interval;
      channels_.push_back({Time::from_ms(start), interval, 0});
    }
  }

  std::uint32_t line_count() const { return static_cast<std::uint32_t>(channels_.size()); }

  ChannelSpike next(std::uint32_t line) {
    Channel& channel = channels_[line];
    const auto k = static_cast<double>(channel.sent++);
    const double product = k * channel.interval;
    const Time time = channel.start + Duration{product} + Duration{std::fma(k, channel.interval, -product)};
    return {time < stop_ ? time : Time::never(), line};
  }

 private:
  struct Channel {
    Time start;
    double interval;  // [ms]
    std::uint64_t sent;
  };

  std::vector<Channel> channels_;
  Time stop_;
};

}  // namespace chronotope::events
