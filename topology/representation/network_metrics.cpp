// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/representation/network_metrics.hpp"

#include <cassert>
#include <cmath>
#include <cstdint>
#include <vector>

namespace chronotope::topology {

namespace {

/// One value per neuron of each of the quantities.
struct Strengths {
  explicit Strengths(std::size_t neurons)
      : in(neurons),
        out(neurons),
        in_absolute(neurons),
        out_absolute(neurons),
        data(neurons),
        data_absolute(neurons) {}

  std::vector<double> in, out, in_absolute, out_absolute, data, data_absolute;
};

Strengths strengths(const RecurrentGraph& graph, std::span<const double> rates) {
  Strengths s(graph.neurons);
  for (const RecurrentEdge& e : graph.edges) {
    s.in[e.target] += e.weight;
    s.out[e.source] += e.weight;
    s.in_absolute[e.target] += std::abs(e.weight);
    s.out_absolute[e.source] += std::abs(e.weight);
    s.data[e.target] += e.weight * rates[e.source];
    s.data_absolute[e.target] += std::abs(e.weight) * rates[e.source];
  }
  return s;
}

Spread spread(std::span<const double> values, std::span<const std::uint32_t> of) {
  Spread result;
  if (values.empty()) return result;
  const auto count = static_cast<double>(of.size());
  for (const std::uint32_t v : of) result.mean += values[v] / count;
  double squares = 0;
  for (const std::uint32_t v : of) squares += (values[v] - result.mean) * (values[v] - result.mean);
  if (!of.empty()) result.fluctuation = std::sqrt(squares / count);
  return result;
}

}  // namespace

std::array<LayerMetrics, kLayers> layer_metrics(const RecurrentGraph& graph, const Layering& layering,
                                                std::span<const double> rates) {
  assert(layering.layer.size() == graph.neurons && rates.size() == graph.neurons);
  const Strengths s = strengths(graph, rates);
  std::array<std::vector<std::uint32_t>, kLayers> members;
  for (std::uint32_t v = 0; v < graph.neurons; ++v) members[layering.layer[v] - 1u].push_back(v);
  std::array<LayerMetrics, kLayers> metrics;
  for (std::size_t l = 0; l < kLayers; ++l)
    metrics[l] = {members[l].size(),
                  spread(layering.centrality, members[l]),
                  spread(s.in, members[l]),
                  spread(s.out, members[l]),
                  spread(s.in_absolute, members[l]),
                  spread(s.out_absolute, members[l]),
                  spread(s.data, members[l]),
                  spread(s.data_absolute, members[l]),
                  spread(rates, members[l])};
  return metrics;
}

}  // namespace chronotope::topology
