// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/learning/step_lists.hpp"

#include <algorithm>

namespace chronotope::models {
namespace {

std::uint32_t step_of(Time time, Duration dt) {
  const Duration since = time - Time();
  const std::int64_t whole = floor_ratio(since, dt);
  const bool later = (since - whole * dt).ms() > 1e-9 * dt.ms();
  return static_cast<std::uint32_t>(std::max<std::int64_t>(1, whole + (later ? 1 : 0)));
}

}  // namespace

void StepLists::assign(std::span<const ChannelSpike> spikes, Duration dt, std::uint32_t steps) {
  clear();
  std::size_t next = 0;
  for (std::uint32_t t = 1; t <= steps; ++t) {
    const std::size_t first = who_.size();
    for (; next < spikes.size() && step_of(spikes[next].time, dt) <= t; ++next) {
      const std::uint32_t channel = spikes[next].channel;
      const auto known = std::find(who_.begin() + static_cast<std::ptrdiff_t>(first), who_.end(), channel);
      if (known == who_.end())
        add(channel);
      else
        ++times_[static_cast<std::size_t>(known - who_.begin())];
    }
    end_step();
  }
}

std::uint32_t grid_steps(const Item& item, Duration dt) {
  return static_cast<std::uint32_t>(-floor_ratio(Duration() - item.duration, dt));
}

}  // namespace chronotope::models
