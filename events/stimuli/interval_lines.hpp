// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "chronotope/core/exponential.hpp"
#include "chronotope/core/network_description.hpp"
#include "chronotope/core/random_stream.hpp"
#include "chronotope/core/time.hpp"

namespace chronotope::events {

/// Independent Poisson trains of any rate: intervals -ln(u)/rate, to the nearest tick, from a stream keyed by
/// the channel. Memory: 128 bytes per channel.
class IntervalLines {
 public:
  /// `rates` [Hz].
  IntervalLines(std::uint64_t seed, Purpose purpose, std::span<const double> rates, Time start, Time stop)
      : stop_(stop) {
    constexpr double kTicksPerSecond = 1000 * kTicksPerMs;
    for (std::uint32_t c = 0; c < rates.size(); ++c)
      channels_.push_back({start, kTicksPerSecond / rates[c], RandomStream(seed, purpose, c)});
  }

  Time not_before(std::uint32_t line) const { return channels_[line].last; }
  ChannelSpike next(std::uint32_t line) {
    Channel& channel = channels_[line];
    const double interval = nearest_whole(-log(channel.stream.uniform()) * channel.mean_interval);
    if (channel.last.is_never() || !(interval < kNever)) return {Time::never(), line};  // silent: a rate of 0
    channel.last = channel.last + Offset{interval};
    if (channel.last >= stop_) channel.last = Time::never();
    return {channel.last, line};
  }

  template <class Self, class Visit>
  static void line_state(Self& self, std::uint32_t line, Visit visit) {
    auto& channel = self.channels_[line];
    std::uint64_t drawn = channel.stream.drawn();
    visit(channel.last, drawn);
    if constexpr (!std::is_const_v<Self>) channel.stream.go_on_behind(drawn);
  }

 private:
  static constexpr double kNever = 1e27;  // [ticks]: 30,000 years

  struct Channel {
    Time last;
    double mean_interval;  // [ticks]
    RandomStream stream;
  };

  Time stop_;
  std::vector<Channel> channels_;
};

}  // namespace chronotope::events
