// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/statistics/population_trains.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "chronotope/core/decimal.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/core/machine_memory.hpp"
#include "chronotope/proto/formats/csv.hpp"
#include "chronotope/proto/formats/input_file.hpp"
#include "chronotope/proto/frame_stream.hpp"

namespace chronotope::apps {
namespace {

/// The end of the last spike's millisecond and of the last stimulus, whichever is later.
Time end_of_content(const RecordedActivity& activity) {
  const Duration millisecond = stated_duration(1);
  Time end;
  for (const PopulationTrains& population : activity.populations)
    for (const auto& train : population.trains)
      if (!train.empty())
        end = std::max(end, Time() + (floor_ratio(train.back() - Time(), millisecond) + 1) * millisecond);
  for (const proto::Stimulus& stimulus : activity.stimuli)
    end = std::max(end, stimulus.onset + stimulus.duration);
  return end;
}

void require_trains(const std::string& name, double neurons) {
  require_memory(sizeof(std::vector<Time>) * neurons, "the trains of " + name);
}

/// The content of a stream while it is read.
class StreamedActivity {
 public:
  explicit StreamedActivity(const Header& header) : header_(header) {
    for (const PopulationInfo& info : header.population()) {
      require_trains(info.name(), info.size());
      activity_.populations.push_back({info.name(), std::vector<std::vector<Time>>(info.size())});
    }
  }

  void take(const Envelope& envelope) {
    if (envelope.has_spikes()) take_spikes(envelope.spikes());
    if (envelope.has_stimulus()) activity_.stimuli.push_back(proto::decode(envelope.stimulus()));
    if (envelope.has_summary()) end_ = stated_time(envelope.summary().until_ms());
  }

  RecordedActivity finish() {
    activity_.end = std::max(end_, end_of_content(activity_));
    std::size_t p = 0;
    std::erase_if(activity_.populations, [&](const PopulationTrains& population) {
      return header_.population(static_cast<int>(p++)).is_input() &&
             std::all_of(population.trains.begin(), population.trains.end(),
                         [](const auto& train) { return train.empty(); });
    });
    return std::move(activity_);
  }

 private:
  void take_spikes(const SpikeBlock& block) {
    auto& trains = activity_.populations.at(block.population()).trains;
    spikes_.clear();
    proto::decode(block, static_cast<std::uint32_t>(trains.size()), spikes_);
    for (const proto::PopulationSpike& spike : spikes_) trains[spike.neuron].push_back(spike.time);
  }

  const Header& header_;
  RecordedActivity activity_;
  Time end_;
  std::vector<proto::PopulationSpike> spikes_;  // of one block
};

RecordedActivity read_stream(std::unique_ptr<proto::InputFile> file) {
  proto::FrameReader frames(std::move(file));
  StreamedActivity activity(frames.header());
  while (const auto envelope = frames.next()) activity.take(*envelope);
  return activity.finish();
}

RecordedActivity read_table(proto::InputFile& file) {
  RecordedActivity activity;
  std::map<std::string, std::size_t> places;
  for (proto::NeuronSpike& spike : proto::read_neuron_spikes(file.stream(), file.name())) {
    const auto [at, is_new] = places.try_emplace(spike.population, places.size());
    if (is_new) activity.populations.push_back({spike.population, {}});
    auto& trains = activity.populations[at->second].trains;
    if (spike.neuron >= trains.size()) {
      require_trains(spike.population, spike.neuron + 1.0);
      trains.resize(spike.neuron + std::size_t{1});
    }
    trains[spike.neuron].push_back(spike.time);
  }
  if (activity.populations.empty()) throw InputError(file.name() + ": has no spikes");
  return activity;
}

}  // namespace

RecordedActivity read_activity(const std::string& path) {
  auto file = std::make_unique<proto::InputFile>(path);
  if (proto::looks_like_stream(*file)) return read_stream(std::move(file));
  RecordedActivity activity = read_table(*file);
  for (PopulationTrains& population : activity.populations)
    for (auto& train : population.trains) std::sort(train.begin(), train.end());
  activity.end = end_of_content(activity);
  return activity;
}

}  // namespace chronotope::apps
