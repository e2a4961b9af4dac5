// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace chronotope::topology {

/// A synapse between two neurons of the recurrent network, numbered through all its populations.
struct RecurrentEdge {
  std::uint32_t source;
  std::uint32_t target;
  double weight;
};

/// What the layering looks at. Invariants: ends of edges are < neurons; the two columns hold one entry per
/// neuron.
struct RecurrentGraph {
  std::size_t neurons = 0;
  std::vector<RecurrentEdge> edges;
  std::vector<double> input_weight;  ///< summed |weight| of external input synapses; 0 = has none
  std::vector<bool> projects_to_readout;
};

enum class LayeringMode { kCentrality, kQuantile };
enum class EdgeLength { kInverseWeight, kHop };
/// Where L2 ends and L4 begins: at the median of a/(a+b), or where a = b; a is the length from the nearest
/// neuron of L1, b that to the nearest of L5.
enum class MiddleSplit { kMedian, kCut };

struct LayeringOptions {
  LayeringMode mode = LayeringMode::kCentrality;
  EdgeLength length = EdgeLength::kInverseWeight;
  MiddleSplit split = MiddleSplit::kMedian;  ///< of mode centrality
  bool excitatory_only = false;              ///< leave out edges of negative weight
  double bottleneck_share = 0.1;             ///< of the neurons in L3 (mode centrality), in (0, 1)
};

constexpr std::size_t kLayers = 5;

/// The layer of every neuron and how it was come by.
struct Layering {
  std::vector<std::uint8_t> layer;  ///< 1 .. 5
  std::array<std::size_t, kLayers> sizes{};
  std::vector<double> centrality;         ///< betweenness divided by (N-1)(N-2)
  std::size_t isolated = 0;               ///< neurons of L2 that neither L1 reaches nor that reach L5
  bool input_layer_trimmed = false;       ///< input reaches over half of the neurons outside L3
  bool output_layer_by_distance = false;  ///< the read-out singles out no proper part: L5 = farthest from L1
  bool ordered_by_strength = false;       ///< mode quantile without input: in-strength minus out-strength
};

/// Reads a recurrent network as a five-layer autoencoder: L1 encodes, L3 is the bottleneck, L5 decodes (after
/// arXiv 2403.12462; the exact rules are this project's own).
///
/// Self loops and weights of 0 are dropped, parallel edges merged by summing |weight|; an edge is 1/|weight|
/// long. Mode centrality: L3 = the ceil(share * N) neurons of highest directed betweenness. Of the rest, L1 =
/// those with input, but at most half of the rest, by input weight. L5 = those of the remainder that project
/// to the read-out; when these are none or all of them, the min(|L1|, half of the remainder) farthest from L1
/// by hops, then by length. Others: of those that L1 reaches and that reach L5, ordered by a/(a+b), the
/// nearer half (rounded up) is L2, the farther L4 (cut: L2 when a < b); those cut off from L5 are L2, those
/// only cut off from L1 L4. Mode quantile: by rank of betweenness, the top fifth is L3, the next two fifths
/// L2 and L4, the rest L1 and L5, in each pair the half nearer to the input (rounded up) first. Ties are
/// broken by the smaller neuron index. An empty layer stays empty.
///
/// Lengths (and centralities) that agree to 1e-12 relative are equal: they are compared through a type whose
/// < and == have that tolerance, so Boost.Graph's Dijkstra and its counting of shortest paths use one and the
/// same relation. Rounding lengths to a grid would not do: 1/3 + 1/3 + 1/3 and 1 fall on different points of
/// any grid. The relation is as good as an order while no edge is shorter than 1e-12 of the paths it lies on.
///
/// Throws InputError for fewer than 5 neurons, a weight that is not finite, a share outside (0, 1), or, in
/// mode centrality, when no neuron has input. O(N E + N^2 log N).
Layering layer_network(const RecurrentGraph& graph, const LayeringOptions& options = {});

/// Edges between layers: forward to the next layer, skipping layers, inside a layer, backward.
struct EdgeClass {
  std::size_t edges = 0;
  double mass = 0;  ///< summed |weight|
};
struct EdgeClasses {
  EdgeClass feed_forward;
  EdgeClass skip;
  EdgeClass lateral;
  EdgeClass feedback;
  std::array<std::array<EdgeClass, kLayers>, kLayers> between;  ///< [source layer - 1][target layer - 1]
};

/// Every edge counts in exactly one class. Requires: layers 1 .. 5, one per neuron.
EdgeClasses classify_edges(std::span<const RecurrentEdge> edges, std::span<const std::uint8_t> layer);

}  // namespace chronotope::topology
