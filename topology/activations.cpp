// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/activations.hpp"

#include <algorithm>
#include <utility>

#include "chronotope/core/error.hpp"
#include "chronotope/core/exponential.hpp"

namespace chronotope {

namespace {

using Spikes = std::span<const NeuronSpike>;

void check(std::span<const Stimulus> stimuli, Spikes spikes, std::size_t neurons) {
  for (std::size_t s = 0; s < stimuli.size(); ++s)
    if (!(stimuli[s].duration.ms > 0))
      throw InputError("stimulus " + std::to_string(s) + " (from 0): duration " +
                       to_string(stimuli[s].duration.ms) + " is not allowed (must be > 0 ms)");
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

Spikes inside_window(const Stimulus& stimulus, Spikes spikes) {
  const auto before = [](const NeuronSpike& spike, Time t) { return spike.time < t; };
  const auto begin = std::lower_bound(spikes.begin(), spikes.end(), stimulus.onset, before);
  const auto end = std::lower_bound(begin, spikes.end(), stimulus.onset + stimulus.duration, before);
  return {begin, end};
}

/// One row over all neurons.
std::vector<double> encode(const Stimulus& stimulus, Spikes inside, std::size_t neurons,
                           const ActivationOptions& options) {
  const bool latency = options.code == RowCode::kLatency;
  std::vector<double> row(neurons, latency ? stimulus.duration.ms : 0);
  const Time end = stimulus.onset + stimulus.duration;
  for (const NeuronSpike& spike : inside) {
    double& value = row[spike.neuron];
    switch (options.code) {
      case RowCode::kCount:
        value += 1;
        break;
      case RowCode::kTrace:
        value += exp(-((end - spike.time).ms / options.tau.ms));
        break;
      case RowCode::kLatency:
        value = std::min(value, (spike.time - stimulus.onset).ms);
        break;
    }
  }
  return row;
}

Activations empty_representation(std::uint8_t layer_number, std::span<const Stimulus> stimuli,
                                 std::span<const std::uint8_t> layer, RowCode code) {
  Activations representation;
  representation.layer = layer_number;
  representation.code = code;
  for (const Stimulus& stimulus : stimuli) {
    representation.stimuli.push_back(stimulus.id);
    representation.windows.push_back(stimulus.duration);
  }
  for (std::uint32_t v = 0; v < layer.size(); ++v)
    if (layer[v] == layer_number) representation.neurons.push_back(v);
  return representation;
}

[[noreturn]] void refuse(const std::string& what, const std::string& of_a, const std::string& of_b) {
  throw InputError("the representations cannot be compared: " + what + " " + of_a + " in A and " + of_b +
                   " in B");
}

}  // namespace

std::string to_string(RowCode code) {
  switch (code) {
    case RowCode::kCount:
      return "count";
    case RowCode::kTrace:
      return "trace";
    case RowCode::kLatency:
      return "latency";
  }
  return "";
}

std::array<Activations, kLayers> activations(std::span<const Stimulus> stimuli, Spikes spikes,
                                             std::span<const std::uint8_t> layer,
                                             const ActivationOptions& options) {
  if (!(options.tau.ms > 0))
    throw InputError("tau: " + to_string(options.tau.ms) + " is not allowed (must be > 0 ms)");
  check(stimuli, spikes, layer.size());
  std::array<Activations, kLayers> layers;
  std::array<std::vector<double>, kLayers> values;
  for (std::size_t l = 0; l < kLayers; ++l)
    layers[l] = empty_representation(static_cast<std::uint8_t>(l + 1), stimuli, layer, options.code);
  for (const Stimulus& stimulus : stimuli) {
    const std::vector<double> row = encode(stimulus, inside_window(stimulus, spikes), layer.size(), options);
    for (std::size_t l = 0; l < kLayers; ++l)
      for (const std::uint32_t v : layers[l].neurons) values[l].push_back(row[v]);
  }
  for (std::size_t l = 0; l < kLayers; ++l)
    layers[l].values = PointCloud(stimuli.size(), layers[l].neurons.size(), std::move(values[l]));
  return layers;
}

void check_comparable(const Activations& a, const Activations& b) {
  if (a.code != b.code) refuse("the code is", to_string(a.code), to_string(b.code));
  for (std::size_t s = 0; s < std::min(a.stimuli.size(), b.stimuli.size()); ++s) {
    const std::string row = "row " + std::to_string(s) + " (from 0)";
    if (a.stimuli[s] != b.stimuli[s])
      refuse(row + " is stimulus", std::to_string(a.stimuli[s]), std::to_string(b.stimuli[s]));
    if (a.windows[s] != b.windows[s])
      refuse(row + " has a window [ms] of", to_string(a.windows[s].ms), to_string(b.windows[s].ms));
  }
  if (a.stimuli.size() != b.stimuli.size())
    refuse("the number of stimuli is", std::to_string(a.stimuli.size()), std::to_string(b.stimuli.size()));
}

}  // namespace chronotope
