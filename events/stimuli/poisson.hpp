// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "chronotope/core/exponential.hpp"
#include "chronotope/core/parameter_source.hpp"

namespace chronotope::events {

/// Independent Poisson trains, one line per channel: intervals -ln(u)/rate, to the nearest tick, from a
/// stream keyed by the channel. Memory: 128 bytes per channel.
class Poisson {
 public:
  static constexpr Range kRate{"must be from 0 to 1e9 Hz", [](double v) { return v >= 0 && v <= 1e9; }};

  Poisson(const InputSpec& input, const PoissonSpec& spec, std::uint64_t seed)
      : start_(spec.start), stop_(spec.stop), seed_(seed), purpose_(input.name + ".spikes") {
    constexpr double kTicksPerSecond = 1000 * kTicksPerMs;
    for (std::uint32_t c = 0; c < input.size; ++c) {
      RandomStream parameters(seed, Purpose(input.name + ".rate"), c);
      const double rate = draw(spec.rate, kRate, parameters, c);
      channels_.push_back({spec.start, kTicksPerSecond / rate, RandomStream(seed, purpose_, c)});
    }
  }

  std::uint32_t line_count() const { return static_cast<std::uint32_t>(channels_.size()); }

  // What a PrivateDrive needs to draw the same trains.
  /// [ticks]
  double mean_interval(std::uint32_t line) const { return channels_[line].mean_interval; }
  Time start() const { return start_; }
  Time stop() const { return stop_; }
  std::uint64_t seed() const { return seed_; }
  Purpose purpose() const { return purpose_; }

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
  static void state(Self& self, Visit visit) {
    for (auto& channel : self.channels_) {
      std::uint64_t drawn = channel.stream.drawn();
      visit(channel.last, drawn);
      if constexpr (!std::is_const_v<Self>) channel.stream.go_on_behind(drawn);
    }
  }

 private:
  static constexpr double kNever = 1e27;  // [ticks]: 30,000 years

  struct Channel {
    Time last;
    double mean_interval;  // [ticks]
    RandomStream stream;
  };

  Time start_;
  Time stop_;
  std::uint64_t seed_;
  Purpose purpose_;
  std::vector<Channel> channels_;
};

}  // namespace chronotope::events
