// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/runs/recorded_trains.hpp"

#include <algorithm>

namespace chronotope::apps {

std::vector<events::SpikeList> RecordedTrains::lists() const {
  std::vector<events::SpikeList> lists;
  for (const auto& population : spikes_) lists.emplace_back(population);
  return lists;
}

std::vector<std::vector<Time>> RecordedTrains::trains(Time until) const {
  std::vector<std::vector<Time>> trains;
  for (std::size_t p = 0; p < spikes_.size(); ++p) {
    const std::size_t first = trains.size();
    trains.resize(first + sizes_[p]);
    for (const ChannelSpike& spike : spikes_[p])
      if (spike.time < until) trains[first + spike.channel].push_back(spike.time);
  }
  return trains;
}

topology::PointCloud counts_per_bin(const std::vector<std::vector<Time>>& trains, Duration until,
                                    std::size_t bins) {
  std::vector<double> counts(bins * trains.size(), 0);
  for (std::size_t n = 0; n < trains.size(); ++n)
    for (const Time t : trains[n]) {
      const auto bin =
          static_cast<std::size_t>(floor_ratio(static_cast<std::int64_t>(bins) * (t - Time()), until));
      ++counts[std::min(bin, bins - 1) * trains.size() + n];
    }
  return {bins, trains.size(), std::move(counts)};
}

}  // namespace chronotope::apps
