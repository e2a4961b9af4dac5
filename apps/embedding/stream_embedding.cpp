// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/embedding/stream_embedding.hpp"

#include <cmath>
#include <utility>

#include "chronotope/apps/exports/stream_network.hpp"
#include "chronotope/core/parameter_source.hpp"
#include "chronotope/core/printable.hpp"
#include "chronotope/proto/spec_codec.hpp"
#include "chronotope/proto/text_spec.hpp"

namespace chronotope::apps {
namespace {

/// The populations of a specification alone: its inputs may name files that are no longer there.
NetworkDescription populations_of(const Header& header, const std::string& path) {
  if (!header.has_spec()) throw InputError(printable(path) + ": has no network (encoded spikes have none)");
  proto::SpecText text;
  text.name = path;
  text.message.set_seed(header.spec().seed());
  *text.message.mutable_seeds() = header.spec().seeds();
  for (int p = 0; p < header.spec().population_size(); ++p) {
    Population& own = *text.message.add_population();
    own = header.spec().population(p);
    own.clear_grid();
    own.clear_positions();
    own.set_size(header.population(p).size());
  }
  return proto::decode(text).network;
}

void add_time_constants(const NetworkDescription& network, topology::EmbeddedNetwork& embedded) {
  for (const PopulationSpec& population : network.populations)
    for (std::uint32_t i = 0; i < population.size; ++i) {
      const ParameterSource get(population.model, network.seeds.neurons, population.name, i);
      embedded.tau_m.push_back(get("tau_m", 20, kTimeConstant));
      embedded.tau_syn.push_back(get("tau_syn_ex", 5, kTimeConstant));
    }
}

}  // namespace

topology::EmbeddedNetwork embedded_network(const std::string& path, bool first) {
  proto::FrameReader frames(path);
  const Header header = frames.header();
  topology::EmbeddedNetwork embedded;
  add_time_constants(populations_of(header, path), embedded);
  const StreamNetwork network(frames, first);
  embedded.neurons = embedded.tau_m.size();
  embedded.input_weight = network.graph(header).input_weight;
  const std::vector<std::uint32_t> first_neuron = first_neurons(header);
  for (const auto& [number, projection] : network.projections()) {
    if (header.population(static_cast<int>(projection.source)).is_input()) continue;
    for (std::size_t k = 0; k < projection.weight.size(); ++k)
      embedded.edges.push_back({first_neuron[projection.source] + projection.from[k],
                                first_neuron[projection.target] + projection.to[k], projection.weight[k],
                                projection.delay[k].ms()});
  }
  return embedded;
}

}  // namespace chronotope::apps
