// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "chronotope/core/id.hpp"
#include "chronotope/core/network_description.hpp"
#include "chronotope/events/stimuli/spike_list.hpp"
#include "chronotope/topology/representation/point_cloud.hpp"

namespace chronotope::apps {

/// All spikes of one run, in order of time.
class RecordedTrains {
 public:
  explicit RecordedTrains(const NetworkDescription& network) : spikes_(network.populations.size()) {
    for (const PopulationSpec& population : network.populations) sizes_.push_back(population.size);
  }

  void add(std::uint32_t population, NeuronId neuron, Time time) {
    spikes_[population].push_back({time, index(neuron)});
  }

  /// Of every population, to be played back.
  std::vector<events::SpikeList> lists() const;
  /// The train of every neuron before `until`, population after population.
  std::vector<std::vector<Time>> trains(Time until) const;

 private:
  std::vector<std::uint32_t> sizes_;
  std::vector<std::vector<ChannelSpike>> spikes_;  // by population
};

/// Spike counts: a row for each of `bins` equal bins of [0, until), a column for each neuron.
topology::PointCloud counts_per_bin(const std::vector<std::vector<Time>>& trains, Duration until,
                                    std::size_t bins);

}  // namespace chronotope::apps
