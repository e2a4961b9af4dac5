// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/study/cell_memory.hpp"

#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "chronotope/models/readout/memory_capacity.hpp"
#include "chronotope/topology/representation/snapshot_reader.hpp"

namespace chronotope::apps {
namespace {

/// Spikes of every neuron in every step.
topology::Activations steps_of(const std::filesystem::path& stream) {
  topology::SnapshotReader reader(stream.string(), {}, topology::Presentations::kMemory);
  while (reader.next()) continue;
  topology::Layering undivided;
  undivided.layer.assign(reader.neurons(), 1);
  return std::move(reader.take(undivided).front());
}

/// The values of the signal, which are the labels of its steps.
std::vector<double> signal_of(const topology::Activations& steps) {
  std::vector<double> u;
  for (const topology::Stimulus& step : steps.stimuli) u.push_back(std::stod(step.label));
  return u;
}

}  // namespace

void fill_memory(const std::filesystem::path& stream, StudyCellReport& report) {
  const topology::Activations steps = steps_of(stream);
  if (steps.stimuli.empty()) return;
  const std::span<const double> counts = steps.values.values();
  const models::MemoryCapacity memory = models::memory_capacity(
      {steps.values.size(), steps.values.dimension(), {counts.begin(), counts.end()}}, signal_of(steps));
  const double spikes =
      std::accumulate(counts.begin(), counts.end(), 0.0) / static_cast<double>(steps.neurons.size());
  report.set_memory_capacity(memory.corrected);
  report.set_memory_spikes(spikes);
  const double efficiency = models::spike_efficiency(memory.corrected, spikes);
  if (std::isfinite(efficiency)) report.set_spike_efficiency(efficiency);
}

}  // namespace chronotope::apps
