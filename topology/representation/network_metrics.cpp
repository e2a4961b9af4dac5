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

namespace {

std::array<std::vector<std::uint32_t>, kLayers> members_of(const Layering& layering) {
  std::array<std::vector<std::uint32_t>, kLayers> members;
  for (std::uint32_t v = 0; v < layering.layer.size(); ++v) members[layering.layer[v] - 1u].push_back(v);
  return members;
}

}  // namespace

std::array<LayerMetrics, kLayers> layer_metrics(const RecurrentGraph& graph, const Layering& layering,
                                                std::span<const double> rates) {
  assert(layering.layer.size() == graph.neurons && rates.size() == graph.neurons);
  const Strengths s = strengths(graph, rates);
  const auto members = members_of(layering);
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

std::array<LayerStrengths, kLayers> layer_strengths(const RecurrentGraph& graph, const Layering& layering,
                                                    std::span<const double> rates) {
  assert(layering.layer.size() == graph.neurons && rates.size() == graph.neurons);
  using Columns = std::array<std::vector<double>, kStrengths.size()>;
  std::array<Columns, kWeightings.size()> of;
  for (Columns& columns : of)
    for (auto& column : columns) column.resize(graph.neurons);
  for (const RecurrentEdge& e : graph.edges) {
    const double size = std::abs(e.weight), rate = rates[e.source];
    const std::array<double, kWeightings.size()> strength{e.weight, size, e.weight * rate, size * rate};
    for (std::size_t k = 0; k < strength.size(); ++k) {
      of[k][0][e.target] += strength[k];
      of[k][1][e.source] += strength[k];
    }
  }
  for (Columns& columns : of)
    for (std::size_t v = 0; v < graph.neurons; ++v) {
      columns[2][v] = columns[0][v] + columns[1][v];
      columns[3][v] = columns[0][v] - columns[1][v];
    }
  const auto members = members_of(layering);
  std::array<LayerStrengths, kLayers> layers;
  for (std::size_t l = 0; l < kLayers; ++l) {
    layers[l].neurons = members[l].size();
    for (std::size_t k = 0; k < kWeightings.size(); ++k)
      for (std::size_t s = 0; s < kStrengths.size(); ++s)
        layers[l].spread[k][s] = spread(of[k][s], members[l]);
  }
  return layers;
}

}  // namespace chronotope::topology
