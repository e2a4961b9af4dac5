// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/core.h>

#include <string>
#include <variant>

#include "chronotope/core/network.hpp"
#include "chronotope/core/network_description.hpp"
#include "chronotope/core/whole_rows.hpp"
#include "chronotope/proto/frame_stream.hpp"

namespace chronotope::apps {

/// Of a population, or of an input: these are numbered after the populations.
inline const std::string& source_name(const NetworkDescription& network, std::uint32_t population) {
  const std::size_t populations = network.populations.size();
  return population < populations ? network.populations[population].name
                                  : network.inputs[population - populations].name;
}

/// The rows of --spikes.
class SpikeTable {
 public:
  SpikeTable(const std::string& path, const NetworkDescription& network)
      : out_(path, proto::Output::Checksum::kOfAll), network_(network) {
    out_.write("time_ms,population,neuron\n");
  }
  /// Goes on with one that a killed run left.
  SpikeTable(const std::string& path, const std::filesystem::path& left, const proto::Output::Place& place,
             const NetworkDescription& network)
      : out_(path, left, place), network_(network) {}
  /// How far it has come, on the disk.
  proto::Output::Place sync() {
    out_.sync();
    return out_.place();
  }
  /// Of a neuron, or of the channel of an input.
  void write(std::uint32_t population, NeuronId neuron, Time time) {
    out_.write(fmt::format("{},{},{}\n", to_text(time), source_name(network_, population), index(neuron)));
  }
  void close() { out_.commit(); }

 private:
  proto::Output out_;
  const NetworkDescription& network_;
};

/// The columns of synapse_row(). New ones go to the end: scripts count columns.
inline constexpr const char* kSynapseColumns =
    "source_population,source,target_population,target,weight,projection,delay_ms";

/// A synapse of projection `k`, whose delay is that of the whole way to the soma.
inline std::string synapse_row(const NetworkDescription& network, std::size_t k,
                               const WholeSynapse& synapse) {
  const ProjectionSpec& projection = network.projections[k];
  return fmt::format("{},{},{},{},{:.17g},{},{}\n", source_name(network, projection.source), synapse.source,
                     source_name(network, projection.target), synapse.target, synapse.weight, projection.name,
                     to_text(synapse.delay));
}

/// The rows of --weights: the plastic synapses of an engine, settled to its time. Those of all ranks go to the root.
template <class AnyEngine>
void write_weights(proto::Output& out, const NetworkDescription& network, AnyEngine& engine) {
  engine.settle_weights();
  out.write(std::string(kSynapseColumns) + "\n");
  const auto& projections = engine.network().projections;
  for (std::size_t k = 0; k < projections.size(); ++k) {
    const SynapseGroup& projection = *projections[k];
    if (!projection.is_plastic()) continue;
    for_each_whole_synapse(projection, engine.network().part,
                           [&](const WholeSynapse& synapse) { out.write(synapse_row(network, k, synapse)); });
  }
  out.commit();
}

}  // namespace chronotope::apps
