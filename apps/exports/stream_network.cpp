// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/exports/stream_network.hpp"

#include <cmath>

#include "chronotope/core/error.hpp"
#include "chronotope/proto/spike_codec.hpp"

namespace chronotope::apps {
namespace {

/// The delay of entry k of a chunk.
Duration delay_of(const Synapses& chunk, int k) {
  const std::int64_t epochs = k < chunk.delay_epochs_size() ? chunk.delay_epochs(k) : 0;
  return Duration::from_parts(epochs, 0) + Duration::from_ticks(static_cast<double>(chunk.delay_ticks(k)));
}

}  // namespace

std::vector<std::uint32_t> first_neurons(const Header& header) {
  std::vector<std::uint32_t> first;
  std::uint32_t neurons = 0;
  for (const PopulationInfo& population : header.population()) {
    first.push_back(neurons);
    if (!population.is_input()) neurons += population.size();
  }
  first.push_back(neurons);
  return first;
}

StreamNetwork::StreamNetwork(proto::FrameReader& frames, bool first) {
  std::size_t snapshots = 0;
  while (const auto envelope = frames.next()) {
    if (envelope->has_synapses()) take_synapses(envelope->synapses());
    if (envelope->has_snapshot()) ++snapshots;
    if (first && snapshots > 1) continue;
    if (envelope->has_snapshot()) time_ = proto::decode(envelope->snapshot().time());
    if (envelope->has_weights()) take_weights(envelope->weights());
  }
  if (projections_.empty() && snapshots > 0) return;  // without synapses there is no weight to miss
  for (const auto& [number, projection] : projections_)
    if (projection.weight.size() == projection.from.size()) return;
  throw InputError(frames.name() + ": the stream has no snapshot with weights (simulate --out)");
}

void StreamNetwork::take_synapses(const Synapses& chunk) {
  Projection& projection = projections_[chunk.projection()];
  projection.source = chunk.source_population();
  projection.target = chunk.target_population();
  projection.is_plastic = chunk.plastic();
  for (int k = 0; k < chunk.source_size(); ++k) {
    projection.from.push_back(chunk.source(k));
    projection.to.push_back(chunk.target(k));
    projection.delay.push_back(delay_of(chunk, k));
  }
}

/// Later snapshots replace earlier ones.
void StreamNetwork::take_weights(const Weights& chunk) {
  std::vector<double>& weights = projections_.at(chunk.projection()).weight;
  weights.resize(projections_.at(chunk.projection()).from.size());
  std::copy(chunk.weight().begin(), chunk.weight().end(),
            weights.begin() + static_cast<std::ptrdiff_t>(chunk.first()));
}

topology::RecurrentGraph StreamNetwork::graph(const Header& header) const {
  topology::RecurrentGraph graph;
  const std::vector<std::uint32_t> first = first_neurons(header);
  graph.neurons = first.back();
  graph.input_weight.assign(graph.neurons, 0);
  graph.projects_to_readout.assign(graph.neurons, true);
  for (const auto& [number, projection] : projections_)
    for (std::size_t k = 0; k < projection.weight.size(); ++k) {
      const std::uint32_t target = first[projection.target] + projection.to[k];
      if (header.population(static_cast<int>(projection.source)).is_input())
        graph.input_weight[target] += std::abs(projection.weight[k]);
      else
        graph.edges.push_back({first[projection.source] + projection.from[k], target, projection.weight[k]});
    }
  return graph;
}

}  // namespace chronotope::apps
