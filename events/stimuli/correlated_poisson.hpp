// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "chronotope/core/exponential.hpp"
#include "chronotope/core/parameter_source.hpp"

namespace chronotope::events {

/// Correlated Poisson trains (multiple interaction process, Kuhn, Aertsen & Rotter 2003), one line per channel: every
/// channel takes a spike of one mother process with probability p_copy, a jitter later. Each has the rate
/// rate * p_copy, and counts of two channels correlate by p_copy in windows longer than the jitter.
///
/// The mother's intervals come from one stream, which every channel follows for itself; the k-th copy of channel c
/// from a stream keyed by (c, k). A copy before 0 is left out. Memory: 192 bytes per channel and its copies under way.
/// Cost: a block of random numbers per channel and spike of the mother.
class CorrelatedPoisson {
 public:
  static constexpr Range kJitter{"must be from -1e12 to 1e12 ms",
                                 [](double v) { return std::abs(v) <= Time::kMaxMs; }};

  CorrelatedPoisson(const InputSpec& input, const CorrelatedPoissonSpec& spec, std::uint64_t seed)
      : spec_(spec),
        least_(Duration::nearest(spec.least_jitter)),
        mean_interval_(1000 * kTicksPerMs / spec.rate),
        copies_{seed, Purpose(input.name + ".copies"), 0} {
    const RandomStream mother(seed, Purpose(input.name + ".mother"), 0);
    const Time begin = spec.p_copy > 0 ? spec.start : Time::never();
    for (std::uint32_t c = 0; c < input.size; ++c) channels_.push_back({begin, 0, mother, {}});
  }

  std::uint32_t line_count() const { return static_cast<std::uint32_t>(channels_.size()); }

  Time not_before(std::uint32_t line) const {
    const Channel& channel = channels_[line];
    const Time copy = channel.waiting.empty() ? Time::never() : channel.waiting.front();
    return std::max(Time(), std::min(copy, earliest(channel.mother)));
  }
  ChannelSpike next(std::uint32_t line) {
    Channel& channel = channels_[line];
    // Copies of spikes of the mother that are to come are not before what waits.
    while (!channel.mother.is_never() &&
           (channel.waiting.empty() || channel.waiting.front() > earliest(channel.mother)))
      follow_mother(channel, line);
    if (channel.waiting.empty()) return {Time::never(), line};
    std::pop_heap(channel.waiting.begin(), channel.waiting.end(), std::greater<>());
    const Time time = channel.waiting.back();
    channel.waiting.pop_back();
    return {time, line};
  }

  template <class Self, class Visit>
  static void line_state(Self& self, std::uint32_t line, Visit visit) {
    auto& channel = self.channels_[line];
    std::uint64_t drawn = channel.intervals.drawn();
    if constexpr (!std::is_const_v<Self>)
      channel.waiting.clear();  // others may have waited when it was saved
    visit(channel.mother, channel.number, drawn, channel.waiting);
    if constexpr (!std::is_const_v<Self>) {
      channel.intervals.go_on_behind(drawn);
      std::make_heap(channel.waiting.begin(), channel.waiting.end(), std::greater<>());
    }
  }

 private:
  struct Channel {
    Time mother;           // its last spike that was followed
    std::uint64_t number;  // of the spikes so far
    RandomStream intervals;
    std::vector<Time> waiting;  // a heap of copies, the earliest first
  };

  /// No copy of a spike of the mother at t or later is before.
  Time earliest(Time t) const { return t.is_never() ? t : t + least_; }

  void follow_mother(Channel& channel, std::uint32_t line) {
    const double interval = nearest_whole(-log(channel.intervals.uniform()) * mean_interval_);
    channel.mother = interval < kNever ? channel.mother + Offset{interval} : Time::never();
    if (channel.mother >= spec_.stop) channel.mother = Time::never();
    if (channel.mother.is_never()) return;
    RandomStream copy(copies_.seed, copies_.purpose, line, channel.number++);
    if (copy.uniform() >= spec_.p_copy) return;
    const Time time = channel.mother + jitter(copy, line);
    if (time < Time()) return;
    channel.waiting.push_back(time);
    std::push_heap(channel.waiting.begin(), channel.waiting.end(), std::greater<>());
  }
  Duration jitter(RandomStream& stream, std::uint32_t line) const {
    return spec_.jitter ? to_duration(*spec_.jitter, draw(*spec_.jitter, kJitter, stream, line)) : Duration();
  }

  static constexpr double kNever = 1e27;  // [ticks]: 30,000 years

  CorrelatedPoissonSpec spec_;
  Duration least_;
  double mean_interval_;  // [ticks]
  StreamKey copies_;
  std::vector<Channel> channels_;
};

}  // namespace chronotope::events
