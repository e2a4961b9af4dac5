// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "chronotope/core/error.hpp"
#include "chronotope/core/network_description.hpp"
#include "chronotope/events/slots/slot_trains.hpp"

namespace chronotope::events {

/// Slot trains one spike after the other. Memory: 40 bytes per channel, and a slot's spikes of those that are
/// asked for.
class SlotLines {
 public:
  explicit SlotLines(SlotTrains trains) : trains_(std::move(trains)) {
    channels_.resize(trains_.size(), {trains_.life().first, 0, {}});
  }

  const SlotTrains& trains() const { return trains_; }

  Time not_before(std::uint32_t line) const {
    const Channel& channel = channels_[line];
    if (channel.taken < channel.at.size()) return trains_.begin(channel.slot - 1) + channel.at[channel.taken];
    return channel.slot > trains_.life().last ? Time::never() : trains_.begin(channel.slot);
  }
  ChannelSpike next(std::uint32_t line) {
    Channel& channel = channels_[line];
    for (; channel.taken == channel.at.size(); ++channel.slot) {
      if (channel.slot > trains_.life().last) return {Time::never(), line};
      draw(line, channel.slot);
      channel.taken = 0;
    }
    return {trains_.begin(channel.slot - 1) + channel.at[channel.taken++], line};
  }

  template <class Self, class Visit>
  static void line_state(Self& self, std::uint32_t line, Visit visit) {
    auto& channel = self.channels_[line];
    visit(channel.slot, channel.taken);
    if constexpr (!std::is_const_v<Self>) self.restore(line);
  }

 private:
  struct Channel {
    std::int64_t slot;  // that is drawn next
    std::uint64_t taken;
    std::vector<Offset> at;  // of the slot before, in order of time
  };

  /// Throws InputError for a place that no line can have come to.
  void restore(std::uint32_t line) {
    Channel& channel = channels_[line];
    const auto& life = trains_.life();
    if (channel.slot < life.first || channel.slot - 1 > life.last) throw InputError("is of another time");
    if (channel.slot > life.first) draw(line, channel.slot - 1);
    if (channel.taken > channel.at.size()) throw InputError("is of another time");
  }
  void draw(std::uint32_t line, std::int64_t slot) {
    trains_.draw(line, slot, channels_[line].at);
    std::ranges::sort(channels_[line].at);
  }

  SlotTrains trains_;
  std::vector<Channel> channels_;
};

}  // namespace chronotope::events
