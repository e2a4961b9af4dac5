// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/representation/layering.hpp"

#include <algorithm>
#include <boost/graph/betweenness_centrality.hpp>
#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/graph/dijkstra_shortest_paths.hpp>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

#include "chronotope/core/error.hpp"

namespace chronotope::topology {

namespace {

/// A number that equals every other within 1e-12 relative.
struct Tolerant {
  double value = 0;

  friend bool operator==(Tolerant a, Tolerant b) {
    if (std::isinf(a.value) || std::isinf(b.value)) return a.value == b.value;
    return std::abs(a.value - b.value) <= 1e-12 * std::max(std::abs(a.value), std::abs(b.value));
  }
  friend bool operator<(Tolerant a, Tolerant b) { return a.value < b.value && !(a == b); }
  friend Tolerant operator+(Tolerant a, Tolerant b) { return {a.value + b.value}; }
};

constexpr Tolerant kUnreachable{std::numeric_limits<double>::infinity()};

}  // namespace

}  // namespace chronotope::topology

/// Boost.Graph asks here for the length of "no path".
template <>
struct std::numeric_limits<chronotope::topology::Tolerant> {
  static constexpr chronotope::topology::Tolerant max() { return chronotope::topology::kUnreachable; }
};

namespace chronotope::topology {

namespace {

using Neuron = std::uint32_t;
using Neurons = std::vector<Neuron>;
using Lengths = std::vector<Tolerant>;

struct Length {
  Tolerant length;
};
using Graph = boost::compressed_sparse_row_graph<boost::directedS, boost::no_property, Length,
                                                 boost::no_property, Neuron, std::uint64_t>;

bool is_kept(const RecurrentEdge& e, const LayeringOptions& options) {
  return e.source != e.target && e.weight != 0 && !(options.excitatory_only && e.weight < 0);
}

/// Edges that count, |weight| of parallel ones summed, by source and target.
std::vector<RecurrentEdge> merged_edges(const RecurrentGraph& graph, const LayeringOptions& options) {
  const auto ends = [](const RecurrentEdge& e) { return std::pair(e.source, e.target); };
  std::vector<RecurrentEdge> edges;
  for (const RecurrentEdge& e : graph.edges)
    if (is_kept(e, options)) edges.push_back({e.source, e.target, std::abs(e.weight)});
  std::stable_sort(edges.begin(), edges.end(),
                   [&](const auto& a, const auto& b) { return ends(a) < ends(b); });
  std::vector<RecurrentEdge> merged;
  for (const RecurrentEdge& e : edges)
    if (!merged.empty() && ends(merged.back()) == ends(e))
      merged.back().weight += e.weight;
    else
      merged.push_back(e);
  std::erase_if(merged,
                [](const RecurrentEdge& e) { return std::isinf(1 / e.weight); });  // as good as absent
  return merged;
}

Graph length_graph(std::vector<RecurrentEdge> edges, std::size_t neurons, EdgeLength length) {
  std::stable_sort(edges.begin(), edges.end(),
                   [](const auto& a, const auto& b) { return a.source < b.source; });
  std::vector<std::pair<Neuron, Neuron>> ends;
  std::vector<Length> lengths;
  for (const RecurrentEdge& e : edges) {
    ends.emplace_back(e.source, e.target);
    lengths.push_back({{length == EdgeLength::kHop ? 1 : 1 / e.weight}});
  }
  return {boost::edges_are_sorted, ends.begin(), ends.end(), lengths.begin(), static_cast<Neuron>(neurons)};
}

template <class Value>
auto by_vertex(std::vector<Value>& values, const Graph& graph) {
  return boost::make_iterator_property_map(values.begin(), get(boost::vertex_index, graph));
}

/// Brandes' directed betweenness, divided by (N-1)(N-2). Paths are counted in doubles: tied paths may
/// outnumber any integer.
std::vector<double> betweenness(const Graph& graph) {
  const std::size_t n = num_vertices(graph);
  std::vector<double> centrality(n), dependency(n), path_count(n);
  std::vector<std::vector<Graph::edge_descriptor>> incoming(n);
  Lengths distance(n);
  boost::brandes_betweenness_centrality(graph, by_vertex(centrality, graph), boost::dummy_property_map(),
                                        by_vertex(incoming, graph), by_vertex(distance, graph),
                                        by_vertex(dependency, graph), by_vertex(path_count, graph),
                                        get(boost::vertex_index, graph), get(&Length::length, graph));
  for (double& value : centrality) value /= static_cast<double>((n - 1) * (n - 2));
  return centrality;
}

/// Length of the shortest path from the nearest of `sources` to every neuron.
Lengths distances_from(const Neurons& sources, const Graph& graph) {
  Lengths distance(num_vertices(graph), kUnreachable);
  if (sources.empty()) return distance;
  boost::dijkstra_shortest_paths(
      graph, sources.begin(), sources.end(), boost::dummy_property_map(), by_vertex(distance, graph),
      get(&Length::length, graph), get(boost::vertex_index, graph), std::less<Tolerant>(),
      boost::closed_plus<Tolerant>(), kUnreachable, Tolerant{}, boost::dijkstra_visitor<>());
  return distance;
}

/// Every value replaced by the first of the run of tied values it belongs to, so that tied values compare
/// equal.
std::vector<double> with_ties_joined(const std::vector<double>& values) {
  Neurons order(values.size());
  std::iota(order.begin(), order.end(), Neuron{0});
  std::stable_sort(order.begin(), order.end(), [&](Neuron a, Neuron b) { return values[a] < values[b]; });
  std::vector<double> joined(values.size());
  for (std::size_t k = 0; k < order.size(); ++k) {
    const bool tied = k > 0 && Tolerant{joined[order[k - 1]]} == Tolerant{values[order[k]]};
    joined[order[k]] = tied ? joined[order[k - 1]] : values[order[k]];
  }
  return joined;
}

/// Orders neurons by value, then index.
void sort_ascending(Neurons& neurons, const std::vector<double>& value) {
  const std::vector<double> joined = with_ties_joined(value);
  std::sort(neurons.begin(), neurons.end(),
            [&](Neuron a, Neuron b) { return std::pair(joined[a], a) < std::pair(joined[b], b); });
}

/// Orders neurons by descending value, then ascending index.
void sort_descending(Neurons& neurons, std::vector<double> value) {
  for (double& v : value) v = -v;
  sort_ascending(neurons, value);
}

std::vector<double> values_of(const Lengths& lengths) {
  std::vector<double> values;
  for (const Tolerant length : lengths) values.push_back(length.value);
  return values;
}

class FiveLayers {
 public:
  FiveLayers(const RecurrentGraph& graph, const LayeringOptions& options)
      : input_(graph),
        options_(options),
        edges_(merged_edges(graph, options)),
        graph_(length_graph(edges_, graph.neurons, options.length)) {
    result_.layer.assign(graph.neurons, 0);
    result_.centrality = betweenness(graph_);
  }

  Layering by_centrality() {
    assign_bottleneck();
    assign_encoder();
    assign_decoder();
    assign_between();
    return counted();
  }

  Layering by_quantile() {
    Neurons order = unassigned();
    sort_ascending(order, result_.centrality);
    const auto rank = [&](std::size_t fifths) {  // the first neuron whose rank / N is at least fifths / 5
      return order.begin() + static_cast<std::ptrdiff_t>((fifths * order.size() + 4) / 5);
    };
    const std::vector<double> depth = depth_from_input();
    assign({rank(4), order.end()}, 3);
    split({rank(2), rank(4)}, depth, 2, 4);
    split({order.begin(), rank(2)}, depth, 1, 5);
    return counted();
  }

 private:
  Neurons unassigned() const {
    Neurons rest;
    for (Neuron v = 0; v < input_.neurons; ++v)
      if (result_.layer[v] == 0) rest.push_back(v);
    return rest;
  }

  Neurons members(std::uint8_t layer) const {
    Neurons inside;
    for (Neuron v = 0; v < input_.neurons; ++v)
      if (result_.layer[v] == layer) inside.push_back(v);
    return inside;
  }

  void assign(const Neurons& neurons, std::uint8_t layer) {
    for (const Neuron v : neurons) result_.layer[v] = layer;
  }

  void assign_bottleneck() {
    Neurons order = unassigned();
    sort_descending(order, result_.centrality);
    const double size = std::ceil(options_.bottleneck_share * static_cast<double>(order.size()) - 1e-9);
    order.resize(static_cast<std::size_t>(size));
    assign(order, 3);
  }

  void assign_encoder() {
    const Neurons rest = unassigned();
    Neurons driven = rest;
    std::erase_if(driven, [&](Neuron v) { return input_.input_weight[v] == 0; });
    result_.input_layer_trimmed = driven.size() > rest.size() / 2;
    if (result_.input_layer_trimmed) {
      sort_descending(driven, input_.input_weight);
      driven.resize(rest.size() / 2);
    }
    assign(driven, 1);
  }

  void assign_decoder() {
    const Neurons rest = unassigned();
    Neurons read = rest;
    std::erase_if(read, [&](Neuron v) { return !input_.projects_to_readout[v]; });
    result_.output_layer_by_distance = read.empty() || read.size() == rest.size();
    assign(result_.output_layer_by_distance ? farthest_from_encoder(rest) : read, 5);
  }

  Neurons farthest_from_encoder(Neurons rest) const {
    const Neurons encoder = members(1);
    const std::size_t size = std::min(encoder.size(), rest.size() / 2);
    const Graph hops = length_graph(edges_, input_.neurons, EdgeLength::kHop);
    sort_descending(rest, values_of(distances_from(encoder, graph_)));
    const std::vector<double> steps = values_of(distances_from(encoder, hops));
    std::stable_sort(rest.begin(), rest.end(), [&](Neuron a, Neuron b) { return steps[a] > steps[b]; });
    rest.resize(size);
    return rest;
  }

  void assign_between() {
    const Lengths from_encoder = distances_from(members(1), graph_);
    const Lengths to_decoder = distances_from(members(5), reversed());
    Neurons between;
    std::vector<double> place(input_.neurons, 0);  // a/(a+b)
    for (const Neuron v : unassigned()) {
      const bool reached = !(from_encoder[v] == kUnreachable);
      const bool cut_off = to_decoder[v] == kUnreachable;
      result_.isolated += cut_off && !reached;
      if (reached && !cut_off) {
        between.push_back(v);
        place[v] = from_encoder[v].value / (from_encoder[v].value + to_decoder[v].value);
      } else {
        result_.layer[v] = cut_off ? 2 : 4;
      }
    }
    if (options_.split == MiddleSplit::kMedian) return split(between, place, 2, 4);
    for (const Neuron v : between) result_.layer[v] = from_encoder[v] < to_decoder[v] ? 2 : 4;
  }

  Graph reversed() const {
    std::vector<RecurrentEdge> edges = edges_;
    for (RecurrentEdge& e : edges) std::swap(e.source, e.target);
    return length_graph(std::move(edges), input_.neurons, options_.length);
  }

  /// How deep in the network each neuron lies: its distance from the input-receiving neurons, or, when there
  /// are none, out-strength minus in-strength.
  std::vector<double> depth_from_input() {
    Neurons driven;
    for (Neuron v = 0; v < input_.neurons; ++v)
      if (input_.input_weight[v] > 0) driven.push_back(v);
    result_.ordered_by_strength = driven.empty();
    if (!driven.empty()) return values_of(distances_from(driven, graph_));
    std::vector<double> depth(input_.neurons, 0);
    for (const RecurrentEdge& e : edges_) {
      depth[e.source] += e.weight;
      depth[e.target] -= e.weight;
    }
    return depth;
  }

  /// The nearer half, rounded up, goes to layer `near`.
  void split(Neurons neurons, const std::vector<double>& depth, std::uint8_t near, std::uint8_t far) {
    sort_ascending(neurons, depth);
    const auto half = neurons.begin() + static_cast<std::ptrdiff_t>((neurons.size() + 1) / 2);
    assign({neurons.begin(), half}, near);
    assign({half, neurons.end()}, far);
  }

  Layering counted() {
    for (const std::uint8_t layer : result_.layer) ++result_.sizes[layer - 1u];
    return std::move(result_);
  }

  const RecurrentGraph& input_;
  const LayeringOptions& options_;
  std::vector<RecurrentEdge> edges_;
  Graph graph_;
  Layering result_;
};

void check(const RecurrentGraph& graph, const LayeringOptions& options) {
  assert(graph.input_weight.size() == graph.neurons && graph.projects_to_readout.size() == graph.neurons);
  if (graph.neurons < 5)
    throw InputError("five layers need at least 5 neurons; the network has " + std::to_string(graph.neurons));
  if (!(options.bottleneck_share > 0 && options.bottleneck_share < 1))
    throw InputError("bottleneck_share: " + chronotope::to_string(options.bottleneck_share) +
                     " is not allowed (must be in (0, 1))");
  for (const RecurrentEdge& e : graph.edges)
    if (!std::isfinite(e.weight))
      throw InputError("weight of the synapse " + std::to_string(e.source) + " -> " +
                       std::to_string(e.target) + ": " + chronotope::to_string(e.weight) +
                       " is not allowed (must be finite)");
  const bool driven =
      std::any_of(graph.input_weight.begin(), graph.input_weight.end(), [](double w) { return w > 0; });
  if (options.mode == LayeringMode::kCentrality && !driven)
    throw InputError(
        "no neuron has an input synapse, so there is no first layer; use the layering mode quantile");
}

void count(EdgeClass& edge_class, double weight) {
  ++edge_class.edges;
  edge_class.mass += std::abs(weight);
}

EdgeClass& class_of(EdgeClasses& classes, std::uint8_t from, std::uint8_t to) {
  if (to == from) return classes.lateral;
  if (to < from) return classes.feedback;
  return to == from + 1 ? classes.feed_forward : classes.skip;
}

}  // namespace

Layering layer_network(const RecurrentGraph& graph, const LayeringOptions& options) {
  check(graph, options);
  FiveLayers layers(graph, options);
  return options.mode == LayeringMode::kCentrality ? layers.by_centrality() : layers.by_quantile();
}

EdgeClasses classify_edges(std::span<const RecurrentEdge> edges, std::span<const std::uint8_t> layer) {
  EdgeClasses classes;
  for (const RecurrentEdge& e : edges) {
    count(class_of(classes, layer[e.source], layer[e.target]), e.weight);
    count(classes.between[layer[e.source] - 1u][layer[e.target] - 1u], e.weight);
  }
  return classes;
}

}  // namespace chronotope::topology
