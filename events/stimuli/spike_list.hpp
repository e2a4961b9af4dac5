// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "chronotope/core/network_description.hpp"

namespace chronotope::events {

/// Given spikes of all channels, one line. Requires: (time, channel) order.
class SpikeList {
 public:
  explicit SpikeList(std::vector<ChannelSpike> spikes) : spikes_(std::move(spikes)) {}

  std::uint32_t line_count() const { return 1; }

  Time not_before(std::uint32_t) const {
    return sent_ < spikes_.size() ? spikes_[sent_].time : Time::never();
  }
  ChannelSpike next(std::uint32_t) {
    return sent_ < spikes_.size() ? spikes_[sent_++] : ChannelSpike{Time::never(), 0};
  }

  template <class Self, class Visit>
  static void line_state(Self& self, std::uint32_t, Visit visit) {
    visit(self.sent_);
    if constexpr (!std::is_const_v<Self>) self.sent_ = std::min(self.sent_, self.spikes_.size());
  }

 private:
  std::vector<ChannelSpike> spikes_;
  std::size_t sent_ = 0;
};

}  // namespace chronotope::events
