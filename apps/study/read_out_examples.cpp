// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/study/read_out_examples.hpp"

#include <algorithm>
#include <cassert>
#include <map>
#include <utility>

#include "chronotope/core/error.hpp"

namespace chronotope::apps {

namespace {

ReadOutExamples labelled(const std::vector<topology::Stimulus>& stimuli, models::FeatureTable features) {
  ReadOutExamples examples;
  examples.features = std::move(features);
  std::map<std::string, std::uint32_t> number;
  for (const topology::Stimulus& stimulus : stimuli) number.emplace(stimulus.label, 0);
  for (auto& [label, cls] : number) {
    cls = static_cast<std::uint32_t>(examples.class_names.size());
    examples.class_names.push_back(label);
  }
  for (const topology::Stimulus& stimulus : stimuli) {
    examples.classes.push_back(number[stimulus.label]);
    examples.units.push_back(stimulus.id);
  }
  examples.groups = recording_groups(stimuli);
  return examples;
}

/// theo of 7_theo_0.wav, empty for a name with fewer than three parts.
std::string second_part(const std::string& name) {
  const auto first = name.find('_');
  if (first == std::string::npos) return {};
  const auto second = name.find('_', first + 1);
  return second == std::string::npos ? std::string() : name.substr(first + 1, second - first - 1);
}

/// The place of each id's first mark.
std::map<std::uint32_t, std::size_t> places(std::span<const topology::Stimulus> stimuli) {
  std::map<std::uint32_t, std::size_t> place;
  for (std::size_t i = 0; i < stimuli.size(); ++i) place.emplace(stimuli[i].id, i);
  return place;
}

topology::Activations all_rows(const proto::SpikeRecording& recording,
                               const topology::ActivationOptions& options) {
  std::vector<topology::Stimulus> stimuli;
  for (const proto::Stimulus& m : recording.stimuli)
    stimuli.push_back({m.id, m.onset, m.duration, m.label, m.name});
  std::vector<topology::NeuronSpike> spikes;
  for (const proto::PopulationSpike& spike : recording.spikes) spikes.push_back({spike.time, spike.neuron});
  const std::vector<std::uint8_t> sole_layer(recording.channels, 1);
  return std::move(activations(stimuli, spikes, sole_layer, options).front());
}

}  // namespace

ReadOutExamples examples_of(const topology::Activations& layer) {
  assert(layer.code != topology::RowCode::kTrain);
  const std::span<const double> values = layer.values.values();
  return labelled(layer.stimuli,
                  {layer.values.size(), layer.values.dimension(), {values.begin(), values.end()}});
}

ReadOutExamples examples_of(const std::array<topology::Activations, topology::kLayers>& layers) {
  const std::size_t rows = layers.front().stimuli.size();
  std::size_t columns = 0;
  for (const topology::Activations& layer : layers) columns += layer.values.dimension();
  std::vector<double> values;
  values.reserve(rows * columns);
  for (std::size_t i = 0; i < rows; ++i)
    for (const topology::Activations& layer : layers) {
      assert(layer.code != topology::RowCode::kTrain && layer.stimuli.size() == rows);
      const std::span<const double> row = layer.values.row(i);
      values.insert(values.end(), row.begin(), row.end());
    }
  return labelled(layers.front().stimuli, {rows, columns, std::move(values)});
}

std::vector<std::string> recording_groups(std::span<const topology::Stimulus> stimuli) {
  std::vector<std::string> groups;
  for (const topology::Stimulus& stimulus : stimuli) groups.push_back(second_part(stimulus.name));
  const auto is_empty = [](const std::string& group) { return group.empty(); };
  const bool differ = std::adjacent_find(groups.begin(), groups.end(), std::not_equal_to<>()) != groups.end();
  if (!differ || std::any_of(groups.begin(), groups.end(), is_empty)) groups.clear();
  return groups;
}

topology::Activations input_activations(const proto::SpikeRecording& recording,
                                        std::span<const topology::Stimulus> shown,
                                        const topology::ActivationOptions& options) {
  const topology::Activations all = all_rows(recording, options);
  const std::map<std::uint32_t, std::size_t> place = places(all.stimuli);
  std::vector<std::size_t> rows;
  for (const topology::Stimulus& stimulus : shown) {
    const auto found = place.find(stimulus.id);
    if (found == place.end())
      throw InputError(recording.population + ": stimulus " + std::to_string(stimulus.id) +
                       " was shown and is not among the " + std::to_string(place.size()) + " recorded ones");
    rows.push_back(found->second);
  }
  topology::Activations chosen{0, all.code, {}, all.neurons, {}, {}};
  for (const std::size_t i : rows) {
    chosen.stimuli.push_back(all.stimuli[i]);
    if (options.code == topology::RowCode::kTrain) chosen.trains.push_back(all.trains[i]);
  }
  if (options.code != topology::RowCode::kTrain) chosen.values = topology::restricted(all.values, rows);
  return chosen;
}

}  // namespace chronotope::apps
