// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/representation/activations.hpp"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <utility>

#include "chronotope/core/error.hpp"
#include "chronotope/core/exponential.hpp"

namespace chronotope::topology {

namespace {

void check(std::span<const Stimulus> stimuli, const ActivationOptions& options) {
  if (!(options.tau > 0))
    throw InputError("tau: " + chronotope::to_string(options.tau) + " is not allowed (must be > 0 ms)");
  if (options.bins == 0) throw InputError("bins: 0 is not allowed (must be >= 1)");
  for (std::size_t s = 0; s < stimuli.size(); ++s)
    if (!(stimuli[s].duration > Duration()))
      throw InputError("stimulus " + std::to_string(s) + " (from 0): duration " +
                       chronotope::to_string(stimuli[s].duration.ms()) + " is not allowed (must be > 0 ms)");
}

void check(std::span<const NeuronSpike> spikes, std::size_t neurons) {
  for (std::size_t k = 0; k < spikes.size(); ++k) {
    if (spikes[k].neuron >= neurons)
      throw InputError("spike " + std::to_string(k) + " (from 0): neuron " +
                       std::to_string(spikes[k].neuron) + " is not allowed (the layers cover " +
                       std::to_string(neurons) + " neurons)");
    if (k > 0 && spikes[k].time < spikes[k - 1].time)
      throw InputError("spike " + std::to_string(k) + " (from 0) at " + to_text(spikes[k].time) +
                       " ms is earlier than the one before it");
  }
}

std::string described(const Stimulus& stimulus) {
  return std::to_string(stimulus.id) + (stimulus.name.empty() ? "" : " (" + stimulus.name + ")");
}

[[noreturn]] void refuse(const std::string& what, const std::string& of_a, const std::string& of_b) {
  throw InputError("the representations cannot be compared: " + what + " " + of_a + " in A and " + of_b +
                   " in B");
}

}  // namespace

ActivationRows::ActivationRows(std::vector<Stimulus> stimuli, std::size_t neurons,
                               const ActivationOptions& options)
    : stimuli_(std::move(stimuli)),
      neurons_(neurons),
      options_(options),
      by_onset_(stimuli_.size()),
      rows_(stimuli_.size()) {
  check(stimuli_, options_);
  std::iota(by_onset_.begin(), by_onset_.end(), std::size_t{0});
  std::stable_sort(by_onset_.begin(), by_onset_.end(),
                   [&](std::size_t a, std::size_t b) { return stimuli_[a].onset < stimuli_[b].onset; });
  for (const std::size_t s : by_onset_)
    latest_end_.push_back(latest_end_.empty() ? stimuli_[s].end()
                                              : std::max(latest_end_.back(), stimuli_[s].end()));
}

std::vector<double>& ActivationRows::values(std::size_t stimulus) {
  Row& row = rows_[stimulus];
  if (row.values.empty() && options_.code != RowCode::kTrain)
    row.values.assign(neurons_ * columns_per_neuron(),
                      options_.code == RowCode::kLatency ? stimuli_[stimulus].duration.ms() : 0);
  return row.values;
}

void ActivationRows::add(const NeuronSpike& spike) {
  assert(spike.neuron < neurons_);
  const auto later = std::upper_bound(by_onset_.begin(), by_onset_.end(), spike.time,
                                      [&](Time t, std::size_t s) { return t < stimuli_[s].onset; });
  for (auto k = static_cast<std::size_t>(later - by_onset_.begin()); k > 0 && latest_end_[k - 1] > spike.time;
       --k)
    if (stimuli_[by_onset_[k - 1]].end() > spike.time) add_to(by_onset_[k - 1], spike);
}

void ActivationRows::add_to(std::size_t stimulus, const NeuronSpike& spike) {
  if (rows_[stimulus].taken) return;
  const Stimulus& shown = stimuli_[stimulus];
  const Duration since_onset = spike.time - shown.onset;
  std::vector<double>& row = values(stimulus);
  switch (options_.code) {
    case RowCode::kCount:
      row[spike.neuron] += 1;
      break;
    case RowCode::kTrace:
      row[spike.neuron] += exp(-((shown.end() - spike.time).ms() / options_.tau));
      break;
    case RowCode::kLatency:
      row[spike.neuron] = std::min(row[spike.neuron], since_onset.ms());
      break;
    case RowCode::kBins: {
      const auto bins = static_cast<std::int64_t>(options_.bins);
      const auto bin = static_cast<std::size_t>(floor_ratio(bins * since_onset, shown.duration));
      row[spike.neuron * options_.bins + std::min(bin, options_.bins - 1)] += 1;
      break;
    }
    case RowCode::kPotential:
      break;
    case RowCode::kTrain:
      rows_[stimulus].spikes.push_back({spike.neuron, since_onset.ms()});
      break;
  }
}

void ActivationRows::add_potentials(std::size_t stimulus, std::size_t first, std::span<const double> V) {
  if (stimulus >= stimuli_.size())
    throw InputError("potentials of presentation " + std::to_string(stimulus) + " (from 0) of " +
                     std::to_string(stimuli_.size()));
  if (first > neurons_ || V.size() > neurons_ - first)
    throw InputError("potentials of neurons that there are not");
  if (options_.code != RowCode::kPotential || rows_[stimulus].taken) return;
  std::copy(V.begin(), V.end(), values(stimulus).begin() + static_cast<std::ptrdiff_t>(first));
  rows_[stimulus].potentials += V.size();
}

std::size_t ActivationRows::ended_by(Time t) const {
  std::size_t count = 0;
  for (std::size_t s = 0; s < stimuli_.size(); ++s) count += !rows_[s].taken && stimuli_[s].end() <= t;
  return count;
}

void ActivationRows::move_row(std::size_t stimulus, std::array<Activations, kLayers>& layers,
                              std::array<std::vector<double>, kLayers>& columns) {
  Row& row = rows_[stimulus];
  if (options_.code == RowCode::kPotential && row.potentials != neurons_)
    throw InputError("no potentials at the end of presentation " + std::to_string(stimulus) +
                     " (from 0); simulate --potentials writes them");
  const std::vector<double>& all = values(stimulus);
  TrainRow trains(options_.code == RowCode::kTrain ? neurons_ : 0);
  for (const TimedSpike& spike : row.spikes) trains[spike.neuron].push_back(spike.since_onset);
  for (std::size_t l = 0; l < kLayers; ++l) {
    layers[l].stimuli.push_back(stimuli_[stimulus]);
    if (options_.code == RowCode::kTrain) layers[l].trains.emplace_back();
    for (const std::uint32_t v : layers[l].neurons) {
      if (options_.code == RowCode::kTrain)
        layers[l].trains.back().push_back(std::move(trains[v]));
      else
        for (std::size_t c = 0; c < columns_per_neuron(); ++c)
          columns[l].push_back(all[v * columns_per_neuron() + c]);
    }
  }
  row = Row{{}, {}, 0, true};
}

std::array<Activations, kLayers> ActivationRows::take_until(Time t, std::span<const std::uint8_t> layer) {
  assert(layer.size() == neurons_);
  std::array<Activations, kLayers> layers;
  std::array<std::vector<double>, kLayers> columns;
  for (std::size_t l = 0; l < kLayers; ++l) {
    layers[l].layer = static_cast<std::uint8_t>(l + 1);
    layers[l].code = options_.code;
    for (std::uint32_t v = 0; v < layer.size(); ++v)
      if (layer[v] == l + 1) layers[l].neurons.push_back(v);
  }
  for (std::size_t s = 0; s < stimuli_.size(); ++s)
    if (!rows_[s].taken && stimuli_[s].end() <= t) move_row(s, layers, columns);
  for (std::size_t l = 0; l < kLayers; ++l) {
    const std::size_t rows = layers[l].stimuli.size();
    const std::size_t width = rows == 0 ? 0 : columns[l].size() / rows;
    layers[l].values = PointCloud(rows, width, std::move(columns[l]));
  }
  return layers;
}

std::array<Activations, kLayers> activations(std::span<const Stimulus> stimuli,
                                             std::span<const NeuronSpike> spikes,
                                             std::span<const std::uint8_t> layer,
                                             const ActivationOptions& options) {
  assert(options.code != RowCode::kPotential);
  ActivationRows rows({stimuli.begin(), stimuli.end()}, layer.size(), options);
  check(spikes, layer.size());
  for (const NeuronSpike& spike : spikes) rows.add(spike);
  return rows.take_until(Time::never(), layer);
}

void check_comparable(const Activations& a, const Activations& b) {
  if (a.code != b.code) refuse("the code is", to_string(a.code), to_string(b.code));
  for (std::size_t s = 0; s < std::min(a.stimuli.size(), b.stimuli.size()); ++s) {
    const std::string row = "row " + std::to_string(s) + " (from 0)";
    if (a.stimuli[s].id != b.stimuli[s].id)
      refuse(row + " is stimulus", described(a.stimuli[s]), described(b.stimuli[s]));
    if (a.stimuli[s].duration != b.stimuli[s].duration)
      refuse(row + " has a window [ms] of", chronotope::to_string(a.stimuli[s].duration.ms()),
             chronotope::to_string(b.stimuli[s].duration.ms()));
  }
  if (a.stimuli.size() != b.stimuli.size())
    refuse("the number of stimuli is", std::to_string(a.stimuli.size()), std::to_string(b.stimuli.size()));
}

}  // namespace chronotope::topology
