// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "chronotope/core/parameter_source.hpp"

namespace chronotope::events {

/// Equally spaced spikes, one line per channel: spike k is at start + k interval, both whole ticks, exactly.
class Regular {
 public:
  static constexpr Range kInterval{"must be from 1e-6 to 1e12 ms",
                                   [](double v) { return v >= 1e-6 && v <= Time::kMaxMs; }};

  Regular(const InputSpec& input, const RegularSpec& spec, std::uint64_t seed) : stop_(spec.stop) {
    for (std::uint32_t c = 0; c < input.size; ++c) {
      RandomStream intervals(seed, Purpose(input.name + ".interval"), c);
      RandomStream starts(seed, Purpose(input.name + ".start"), c);
      const Duration interval = to_duration(spec.interval, draw(spec.interval, kInterval, intervals, c));
      const Duration start =
          spec.start ? to_duration(*spec.start, draw(*spec.start, kTimeOfRun, starts, c)) : interval;
      channels_.push_back({Time() + start, interval});
    }
  }

  std::uint32_t line_count() const { return static_cast<std::uint32_t>(channels_.size()); }

  Time not_before(std::uint32_t line) const { return channels_[line].next; }
  ChannelSpike next(std::uint32_t line) {
    Channel& channel = channels_[line];
    const Time time = channel.next;
    if (!(time < stop_)) return {Time::never(), line};
    channel.next = time + channel.interval;
    return {time, line};
  }

  template <class Self, class Visit>
  static void line_state(Self& self, std::uint32_t line, Visit visit) {
    visit(self.channels_[line].next);
  }

 private:
  struct Channel {
    Time next;
    Duration interval;
  };

  std::vector<Channel> channels_;
  Time stop_;
};

}  // namespace chronotope::events
