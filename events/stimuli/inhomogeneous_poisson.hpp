// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "chronotope/core/exponential.hpp"
#include "chronotope/core/network_description.hpp"
#include "chronotope/core/random_stream.hpp"

namespace chronotope::events {

/// Independent Poisson trains of piecewise constant rates, one line per channel, by inversion: the next spike is
/// where the integral of the rate has grown by -ln(u) since the last one,
///   int_last^next rate dt = -ln(u),
/// to the nearest tick (Cinlar 1975). One number is drawn per spike, from a stream keyed by the channel. Memory: 128
/// bytes per channel beside the rates. Cost: a step per spike and per change of the rate.
class InhomogeneousPoisson {
 public:
  InhomogeneousPoisson(const InputSpec& input, const InhomogeneousPoissonSpec& spec, std::uint64_t seed)
      : rates_(std::make_shared<const Rates>(spec.rates)), stop_(spec.stop) {
    const Purpose purpose(input.name + ".spikes");
    for (std::uint32_t c = 0; c < input.size; ++c)
      channels_.push_back({Time(), RandomStream(seed, purpose, c)});
  }

  std::uint32_t line_count() const { return static_cast<std::uint32_t>(channels_.size()); }
  Time not_before(std::uint32_t line) const { return channels_[line].last; }
  ChannelSpike next(std::uint32_t line) {
    Channel& channel = channels_[line];
    if (!channel.last.is_never())
      channel.last = after(rates_of(line), channel.last, -log(channel.stream.uniform()));
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
  using Changes = std::vector<RateChange>;
  using Rates = std::vector<Changes>;
  struct Channel {
    Time last;
    RandomStream stream;
  };

  const Changes& rates_of(std::uint32_t line) const { return (*rates_)[rates_->size() == 1 ? 0 : line]; }

  /// Where the integral of the rate from `begin` on is `area` [spikes].
  static Time after(const Changes& changes, Time begin, double area) {
    constexpr double kTicksPerSecond = 1000 * kTicksPerMs;
    auto next = std::upper_bound(changes.begin(), changes.end(), begin,
                                 [](Time t, const RateChange& change) { return t < change.time; });
    double rate = next == changes.begin() ? 0 : std::prev(next)->rate / kTicksPerSecond;
    for (; next != changes.end(); ++next) {
      const double held = rate * ticks_between(begin, next->time);
      if (area < held) break;
      area -= held;
      begin = next->time;
      rate = next->rate / kTicksPerSecond;
    }
    const double ticks = nearest_whole(area / rate);
    return ticks < kNever ? begin + Offset{ticks} : Time::never();  // of a rate of 0, too
  }
  static double ticks_between(Time begin, Time end) { return (end - begin).ms() * kTicksPerMs; }

  static constexpr double kNever = 1e27;  // [ticks]: 30,000 years

  std::shared_ptr<const Rates> rates_;
  Time stop_;
  std::vector<Channel> channels_;
};

}  // namespace chronotope::events
