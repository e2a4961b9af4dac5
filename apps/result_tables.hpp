// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/core.h>

#include <string>
#include <variant>

#include "chronotope/core/network.hpp"
#include "chronotope/core/network_description.hpp"
#include "chronotope/proto/frame_stream.hpp"

namespace chronotope::apps {

/// The rows of --spikes.
class SpikeTable {
 public:
  SpikeTable(const std::string& path, const NetworkDescription& network) : out_(path), network_(network) {
    out_.write("time_ms,population,neuron\n");
  }
  void write(std::uint32_t population, NeuronId neuron, Time time) {
    out_.write(
        fmt::format("{},{},{}\n", to_text(time), network_.populations[population].name, index(neuron)));
  }
  void close() { out_.commit(); }

 private:
  proto::Output out_;
  const NetworkDescription& network_;
};

/// The rows of --weights: the plastic synapses of an engine, settled to its time.
template <class AnyEngine>
void write_weights(proto::Output& out, const NetworkDescription& network, AnyEngine& engine) {
  engine.settle_weights();
  out.write("source_population,source,target_population,target,weight\n");
  const auto name = [&](std::uint32_t p) {
    return p < network.populations.size() ? network.populations[p].name
                                          : network.inputs[p - network.populations.size()].name;
  };
  for (const auto& projection : engine.network().projections)
    std::visit(
        [&]<class Rule>(const SynapseGroup<Rule>& group) {
          if (!Rule::kPlastic) return;
          for (std::uint32_t i = 0; i < group.connectivity.sources(); ++i)
            for (auto g = group.connectivity.first_segment(NeuronId{i});
                 g < group.connectivity.last_segment(NeuronId{i}); g = SegmentId{index(g) + 1})
              for (const SynapseId s : group.connectivity.synapses(g))
                out.write(fmt::format("{},{},{},{},{:.17g}\n", name(group.source), i, name(group.target),
                                      index(group.connectivity.target(s)), group.rule.weight(s)));
        },
        projection);
  out.commit();
}

}  // namespace chronotope::apps
