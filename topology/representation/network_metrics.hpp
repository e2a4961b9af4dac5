// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "chronotope/topology/representation/layering.hpp"

namespace chronotope::topology {

/// A quantity over the neurons of a layer.
struct Spread {
  double mean = 0;
  double fluctuation = 0;  ///< sqrt(mean of (s_i - mean)^2)
};

/// What a layer's neurons receive and send over the recurrent synapses, signed and absolute (quantities after
/// arXiv 2404.11172, the formulas are this project's): w_ij the weight from j to i, r_j the rate of j.
struct LayerMetrics {
  std::size_t neurons = 0;
  Spread betweenness;
  Spread in;           ///< s_in(i) = sum_j w_ij
  Spread out;          ///< s_out(i) = sum_j w_ji
  Spread in_absolute;  ///< the same of |w|
  Spread out_absolute;
  Spread data;           ///< sum_j w_ij r_j: the strength of what is really used
  Spread data_absolute;  ///< the same of |w|
  Spread rate;           ///< r_i
};

/// Of L1 .. L5, with zeros for an empty layer. Requires: one layer and one rate per neuron. O(neurons +
/// edges).
std::array<LayerMetrics, kLayers> layer_metrics(const RecurrentGraph& graph, const Layering& layering,
                                                std::span<const double> rates);

/// How a synapse counts: w, |w|, and either times the rate of its source.
constexpr std::array<const char*, 4> kWeightings{"signed", "absolute", "activity", "absolute_activity"};
/// Of a neuron: what it receives, what it sends, the sum of both and the first less the second.
constexpr std::array<const char*, 4> kStrengths{"in", "out", "sum", "difference"};

/// Every strength under every weighting over the neurons of a layer.
struct LayerStrengths {
  std::size_t neurons = 0;
  std::array<std::array<Spread, kStrengths.size()>, kWeightings.size()> spread;  ///< [weighting][strength]
};

/// The same requirements and cost as layer_metrics().
std::array<LayerStrengths, kLayers> layer_strengths(const RecurrentGraph& graph, const Layering& layering,
                                                    std::span<const double> rates);

}  // namespace chronotope::topology
