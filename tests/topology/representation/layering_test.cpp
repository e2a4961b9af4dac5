// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/representation/layering.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

#include "chronotope/core/error.hpp"
#include "chronotope/tests/reference/path_enumeration.hpp"

namespace chronotope::topology {
namespace {

using testing::Each;

/// A network whose first neuron has input and whose neurons all project to the read-out.
RecurrentGraph network(std::size_t neurons) {
  RecurrentGraph graph;
  graph.neurons = neurons;
  graph.input_weight.assign(neurons, 0);
  graph.input_weight[0] = 1;
  graph.projects_to_readout.assign(neurons, true);
  return graph;
}

void connect(RecurrentGraph& graph, std::uint32_t a, std::uint32_t b, double weight = 1) {
  graph.edges.push_back({a, b, weight});
}

void connect_both_ways(RecurrentGraph& graph, std::uint32_t a, std::uint32_t b) {
  connect(graph, a, b);
  connect(graph, b, a);
}

void expect_centrality(const RecurrentGraph& graph, const std::vector<double>& expected) {
  const Layering layering = layer_network(graph);
  for (std::size_t v = 0; v < expected.size(); ++v)
    EXPECT_NEAR(layering.centrality[v], expected[v], 1e-12) << v;
}

TEST(Betweenness, OfACompleteGraphIsZeroAndOfAStarIsInItsCentre) {
  RecurrentGraph complete = network(6);
  RecurrentGraph star = network(6);
  for (std::uint32_t a = 0; a < 6; ++a)
    for (std::uint32_t b = a + 1; b < 6; ++b) connect_both_ways(complete, a, b);
  for (std::uint32_t leaf = 1; leaf < 6; ++leaf) connect_both_ways(star, 0, leaf);
  expect_centrality(complete, std::vector<double>(6, 0));
  expect_centrality(star, {1, 0, 0, 0, 0, 0});
}

TEST(Betweenness, OfCyclesIsTheClosedForm) {
  for (const std::uint32_t n : {5u, 6u, 7u, 12u}) {
    RecurrentGraph directed = network(n);
    RecurrentGraph both = network(n);
    for (std::uint32_t v = 0; v < n; ++v) {
      connect(directed, v, (v + 1) % n);
      connect_both_ways(both, v, (v + 1) % n);
    }
    const double expected = n % 2 ? (n - 3) / (4.0 * (n - 2)) : (n - 2) / (4.0 * (n - 1));
    expect_centrality(directed, std::vector<double>(n, 0.5));
    expect_centrality(both, std::vector<double>(n, expected));
  }
}

TEST(Betweenness, OfPathsIsTheClosedForm) {
  constexpr std::uint32_t n = 9;
  RecurrentGraph directed = network(n);
  RecurrentGraph both = network(n);
  for (std::uint32_t v = 0; v + 1 < n; ++v) {
    connect(directed, v, v + 1);
    connect_both_ways(both, v, v + 1);
  }
  std::vector<double> half, full;
  for (double i = 0; i < n; ++i) {
    full.push_back(2 * i * (n - 1 - i) / ((n - 1.0) * (n - 2.0)));
    half.push_back(full.back() / 2);
  }
  expect_centrality(directed, half);
  expect_centrality(both, full);
}

/// A random digraph with weights 1, 1/2, 1/3, ... (many ties that rounding blurs) or any weights.
RecurrentGraph random_network(std::size_t n, double p, bool tied, std::mt19937& bits) {
  RecurrentGraph graph = network(n);
  const auto uniform = [&] { return bits() / 4294967296.0; };
  for (std::uint32_t a = 0; a < n; ++a) {
    graph.input_weight[a] = uniform() < 0.3 ? uniform() : 0;
    for (std::uint32_t b = 0; b < n; ++b)
      if (uniform() < p)
        connect(graph, a, b, (uniform() < 0.2 ? -1 : 1) * (tied ? 3.0 / (1 + bits() % 4) : uniform()));
  }
  graph.input_weight[0] = 1;
  return graph;
}

std::vector<double> enumerated_betweenness(const RecurrentGraph& graph) {
  const double none = std::numeric_limits<double>::infinity();
  reference::LengthTable length(graph.neurons, std::vector<double>(graph.neurons, none));
  for (const RecurrentEdge& e : graph.edges) length[e.source][e.target] = 1 / std::abs(e.weight);
  std::vector<double> centrality = reference::PathEnumeration(length).betweenness();
  const auto n = static_cast<double>(graph.neurons);
  for (double& value : centrality) value /= (n - 1) * (n - 2);
  return centrality;
}

TEST(Betweenness, EqualsTheEnumerationOfAllPaths) {
  std::mt19937 bits(1);
  for (int round = 0; round < 60; ++round) {
    const RecurrentGraph graph = random_network(5 + bits() % 4, 0.5, round % 2 == 0, bits);
    expect_centrality(graph, enumerated_betweenness(graph));
  }
  for (int round = 0; round < 20; ++round) {
    const RecurrentGraph graph = random_network(10 + bits() % 21, 0.08, round % 2 == 0, bits);
    expect_centrality(graph, enumerated_betweenness(graph));
  }
}

TEST(Betweenness, CountsPathsThatDifferOnlyByRoundingAsTied) {
  RecurrentGraph graph =
      network(6);  // 0 -> 1 -> 2 -> 3 of lengths 0.1, 0.2, 0.3 and 0 -> 4 -> 5 -> 3 reversed
  const double lengths[] = {0.1, 0.2, 0.3};
  ASSERT_NE((0.1 + 0.2) + 0.3, (0.3 + 0.2) + 0.1);
  connect(graph, 0, 1, 1 / lengths[0]);
  connect(graph, 1, 2, 1 / lengths[1]);
  connect(graph, 2, 3, 1 / lengths[2]);
  connect(graph, 0, 4, 1 / lengths[2]);
  connect(graph, 4, 5, 1 / lengths[1]);
  connect(graph, 5, 3, 1 / lengths[0]);
  expect_centrality(graph, {0, 1.5 / 20, 1.5 / 20, 0, 1.5 / 20, 1.5 / 20});
}

TEST(Betweenness, MergesParallelEdgesAndDropsLoopsAndSilentEdges) {
  RecurrentGraph plain = network(5);
  RecurrentGraph tangled = network(5);
  for (std::uint32_t v = 0; v < 5; ++v) {
    connect(plain, v, (v + 1) % 5, 2);
    connect(tangled, v, (v + 1) % 5, 0.5);
    connect(tangled, v, (v + 1) % 5, -1.5);
    connect(tangled, v, v, 7);
    connect(tangled, v, (v + 2) % 5, 0);
  }
  EXPECT_EQ(layer_network(tangled).centrality, layer_network(plain).centrality);
}

constexpr std::array<std::uint32_t, 5> kHourGlass = {30, 15, 10, 15, 30};

/// Layers 30-15-10-15-30, fully connected from each to the next, input on the first.
RecurrentGraph hour_glass(bool read_out_from_all) {
  RecurrentGraph graph = network(100);
  for (std::uint32_t layer = 0, begin = 0; layer < 5; begin += kHourGlass[layer++])
    for (std::uint32_t v = begin; v < begin + kHourGlass[layer]; ++v) {
      graph.input_weight[v] = layer == 0;
      graph.projects_to_readout[v] = read_out_from_all || layer == 4;
      if (layer == 4) continue;
      for (std::uint32_t next = 0; next < kHourGlass[layer + 1]; ++next)
        connect(graph, v, begin + kHourGlass[layer] + next);
    }
  return graph;
}

std::vector<std::uint8_t> hour_glass_layers() {
  std::vector<std::uint8_t> layers;
  for (std::uint8_t layer = 0; layer < 5; ++layer) layers.insert(layers.end(), kHourGlass[layer], layer + 1);
  return layers;
}

TEST(Layering, RecoversTheHourGlassWithAReadOutFromItsLastLayer) {
  const Layering layering = layer_network(hour_glass(false));
  EXPECT_EQ(layering.layer, hour_glass_layers());
  EXPECT_FALSE(layering.output_layer_by_distance);
  const double unit = 99.0 * 98.0;
  EXPECT_NEAR(layering.centrality[0] * unit, 0, 1e-9);
  EXPECT_NEAR(layering.centrality[30] * unit, 110, 1e-9);
  EXPECT_NEAR(layering.centrality[45] * unit, 202.5, 1e-9);
  EXPECT_NEAR(layering.centrality[55] * unit, 110, 1e-9);
  EXPECT_NEAR(layering.centrality[99] * unit, 0, 1e-9);
}

TEST(Layering, RecoversTheHourGlassWithAReadOutFromAll) {
  const Layering layering = layer_network(hour_glass(true));
  EXPECT_EQ(layering.layer, hour_glass_layers());
  EXPECT_TRUE(layering.output_layer_by_distance);
  EXPECT_FALSE(layering.input_layer_trimmed);
  EXPECT_EQ(layering.sizes, (std::array<std::size_t, 5>{30, 15, 10, 15, 30}));
}

TEST(Layering, PutsTheNeuronThatJoinsTwoCliquesIntoTheBottleneck) {
  RecurrentGraph graph = network(11);
  for (std::uint32_t clique : {0u, 6u})
    for (std::uint32_t a = clique; a < clique + 5; ++a)
      for (std::uint32_t b = a + 1; b < clique + 5; ++b) connect_both_ways(graph, a, b);
  connect_both_ways(graph, 5, 0);
  connect_both_ways(graph, 5, 6);
  const Layering layering = layer_network(graph, {.bottleneck_share = 0.05});
  EXPECT_EQ(layering.layer[5], 3);
  EXPECT_EQ(layering.sizes[2], 1u);
}

TEST(Layering, PartitionsTheNeuronsTheSameWayTwice) {
  std::mt19937 bits(2);
  for (const LayeringMode mode : {LayeringMode::kCentrality, LayeringMode::kQuantile})
    for (int round = 0; round < 30; ++round) {
      const RecurrentGraph graph = random_network(5 + bits() % 40, 0.15, round % 2 == 0, bits);
      const Layering layering = layer_network(graph, {.mode = mode});
      EXPECT_THAT(layering.layer, Each(testing::AllOf(testing::Ge(1), testing::Le(5))));
      EXPECT_EQ(std::accumulate(layering.sizes.begin(), layering.sizes.end(), std::size_t{0}), graph.neurons);
      EXPECT_EQ(layer_network(graph, {.mode = mode}).layer, layering.layer);
    }
}

/// 0 -> 1 -> .. -> 9, input on the first, read-out from the last; the last three steps are ten times as long.
RecurrentGraph path_with_a_slow_end() {
  RecurrentGraph graph = network(10);
  for (std::uint32_t v = 0; v + 1 < 10; ++v) connect(graph, v, v + 1, v < 6 ? 10 : 1);
  graph.projects_to_readout.assign(10, false);
  graph.projects_to_readout[9] = true;
  return graph;
}

TEST(Layering, HalvesWhatLiesBetweenEncoderAndDecoder) {
  const RecurrentGraph graph = path_with_a_slow_end();  // betweenness is highest at 4, then 5: L3
  const Layering halves = layer_network(graph, {.bottleneck_share = 0.2});
  EXPECT_EQ(halves.layer, (std::vector<std::uint8_t>{1, 2, 2, 2, 3, 3, 4, 4, 4, 5}));
  const Layering cut = layer_network(graph, {.split = MiddleSplit::kCut, .bottleneck_share = 0.2});
  EXPECT_EQ(cut.layer, (std::vector<std::uint8_t>{1, 2, 2, 2, 3, 3, 2, 2, 4, 5}));  // 7: a = 1.6, b = 2
}

/// 0 -> 1 -> .. -> n-1, input on the first, read-out from the last.
RecurrentGraph even_path(std::uint32_t n) {
  RecurrentGraph graph = network(n);
  for (std::uint32_t v = 0; v + 1 < n; ++v) connect(graph, v, v + 1);
  graph.projects_to_readout.assign(n, false);
  graph.projects_to_readout[n - 1] = true;
  return graph;
}

/// Betweenness is v (8 - v): 4 leads, 3 and 5 are tied. Five are left: the half on the side of L1 has three.
TEST(Layering, OddHalvesAreLargerNearTheEncoderAndTiesGoByNumber) {
  EXPECT_EQ(layer_network(even_path(9), {.bottleneck_share = 0.2}).layer,
            (std::vector<std::uint8_t>{1, 2, 2, 3, 3, 2, 4, 4, 5}));
}

/// ceil(share N), though 0.07 * 100 is 7.000000000000001 in doubles.
TEST(Layering, TheBottleneckIsItsShareRoundedUp) {
  ASSERT_GT(0.07 * 100, 7);
  const auto size = [](double share) {
    return layer_network(even_path(100), {.bottleneck_share = share}).sizes[2];
  };
  EXPECT_EQ(size(0.07), 7u);
  EXPECT_EQ(size(0.071), 8u);
  EXPECT_EQ(size(0.08), 8u);
}

/// Neuron 9 is a step from L1 and from L5: a = b, a/(a+b) = 1/2. Seven are between: four near L1.
TEST(Layering, TheMiddleOfTheWayIsOnTheDecodersSideOfACut) {
  RecurrentGraph graph = even_path(9);
  graph.neurons = 10;
  graph.input_weight.push_back(0);
  graph.projects_to_readout.push_back(false);
  connect(graph, 0, 9);
  connect(graph, 9, 8);
  EXPECT_EQ(layer_network(graph, {.split = MiddleSplit::kCut, .bottleneck_share = 0.1}).layer,
            (std::vector<std::uint8_t>{1, 2, 2, 2, 3, 4, 4, 4, 5, 4}));
  EXPECT_EQ(layer_network(graph, {.bottleneck_share = 0.1}).layer,
            (std::vector<std::uint8_t>{1, 2, 2, 2, 3, 4, 4, 4, 5, 2}));
}

/// Whether there is a way from u to v (Warshall 1962).
std::vector<std::vector<bool>> ways(const RecurrentGraph& graph) {
  std::vector<std::vector<bool>> way(graph.neurons, std::vector<bool>(graph.neurons, false));
  for (const RecurrentEdge& e : graph.edges) way[e.source][e.target] = true;
  for (std::size_t k = 0; k < graph.neurons; ++k)
    for (std::size_t u = 0; u < graph.neurons; ++u)
      for (std::size_t v = 0; v < graph.neurons; ++v)
        if (way[u][k] && way[k][v]) way[u][v] = true;
  return way;
}

TEST(Layering, MiddleLayersDifferByOneNeuronAndThoseCutOff) {
  std::mt19937 bits(6);
  for (int round = 0; round < 60; ++round) {
    const RecurrentGraph graph = random_network(12 + bits() % 40, round % 3 == 0 ? 0.05 : 0.3, false, bits);
    const Layering layering = layer_network(graph);
    const auto reach = ways(graph);
    std::size_t between[2] = {0, 0};
    for (std::uint32_t v = 0; v < graph.neurons; ++v) {
      if (layering.layer[v] != 2 && layering.layer[v] != 4) continue;
      bool reached = false, reaches = false;
      for (std::uint32_t u = 0; u < graph.neurons; ++u) {
        reached = reached || (layering.layer[u] == 1 && reach[u][v]);
        reaches = reaches || (layering.layer[u] == 5 && reach[v][u]);
      }
      if (reached && reaches)
        ++between[layering.layer[v] == 2 ? 0 : 1];
      else
        EXPECT_EQ(layering.layer[v], reaches ? 4 : 2);
    }
    EXPECT_TRUE(between[0] == between[1] || between[0] == between[1] + 1) << between[0] << " " << between[1];
  }
}

RecurrentGraph relabelled(const RecurrentGraph& graph, const std::vector<std::uint32_t>& label) {
  RecurrentGraph other = network(graph.neurons);
  for (std::uint32_t v = 0; v < graph.neurons; ++v) other.input_weight[label[v]] = graph.input_weight[v];
  for (const RecurrentEdge& e : graph.edges) connect(other, label[e.source], label[e.target], e.weight);
  return other;
}

/// Whether the last neuron of the bottleneck has the same centrality as the first one outside.
bool is_tied_at_the_bottleneck(const Layering& layering) {
  std::vector<double> sorted = layering.centrality;
  std::sort(sorted.rbegin(), sorted.rend());
  return std::abs(sorted[layering.sizes[2] - 1] - sorted[layering.sizes[2]]) < 1e-9;
}

TEST(Layering, FollowsRelabelledNeuronsWhenNothingIsTied) {
  std::mt19937 bits(3);
  int untied = 0;
  for (int round = 0; round < 40; ++round) {
    const RecurrentGraph graph = random_network(30, 0.5, false, bits);
    const Layering expected = layer_network(graph);
    if (is_tied_at_the_bottleneck(expected)) continue;
    ++untied;
    std::vector<std::uint32_t> label(30);
    std::iota(label.begin(), label.end(), 0u);
    for (std::uint32_t v = 29; v > 0; --v) std::swap(label[v], label[bits() % (v + 1)]);
    const Layering actual = layer_network(relabelled(graph, label));
    for (std::uint32_t v = 0; v < 30; ++v) EXPECT_EQ(actual.layer[label[v]], expected.layer[v]);
  }
  EXPECT_GT(untied, 10);
}

TEST(Layering, GivesTheEncoderAtMostHalfOfTheRestByInputWeight) {
  RecurrentGraph graph = network(10);
  for (std::uint32_t v = 0; v < 10; ++v) {
    connect(graph, v, (v + 1) % 10);
    graph.input_weight[v] = v + 1;
  }
  const Layering layering = layer_network(graph);
  EXPECT_TRUE(layering.input_layer_trimmed);
  EXPECT_EQ(layering.sizes[0], 4u);
  for (const std::uint32_t strongest : {6u, 7u, 8u, 9u}) EXPECT_EQ(layering.layer[strongest], 1);
  EXPECT_EQ(layering.sizes, (std::array<std::size_t, 5>{4, 2, 1, 1, 2}));  // half of the five left: two
  for (std::uint32_t v = 0; v < 6; ++v) graph.input_weight[v] = 0;
  EXPECT_EQ(layer_network(graph).sizes[0], 4u);
  EXPECT_FALSE(layer_network(graph).input_layer_trimmed);
}

TEST(Layering, CountsNeuronsWithoutAnyConnection) {
  RecurrentGraph graph = network(8);
  for (std::uint32_t v = 0; v < 5; ++v) connect(graph, v, v + 1);
  graph.projects_to_readout.assign(8, false);
  graph.projects_to_readout[5] = true;
  const Layering layering = layer_network(graph);
  EXPECT_EQ(layering.isolated, 2u);
  EXPECT_EQ(layering.layer[6], 2);
}

TEST(Layering, RefusesWhatHasNoFiveLayers) {
  RecurrentGraph undriven = network(5);
  undriven.input_weight[0] = 0;
  EXPECT_THROW(layer_network(network(4)), InputError);
  EXPECT_THROW(layer_network(undriven), InputError);
  EXPECT_TRUE(layer_network(undriven, {.mode = LayeringMode::kQuantile}).ordered_by_strength);
  RecurrentGraph broken = network(5);
  connect(broken, 3, 4, std::numeric_limits<double>::quiet_NaN());
  EXPECT_THROW(layer_network(broken), InputError);
  EXPECT_THROW(layer_network(network(5), {.bottleneck_share = 0}), InputError);
}

TEST(QuantileLayering, OfADirectedPathFollowsItsDepth) {
  RecurrentGraph graph = network(10);  // betweenness i (9 - i) / 72, highest in the middle
  for (std::uint32_t v = 0; v + 1 < 10; ++v) connect(graph, v, v + 1);
  EXPECT_EQ(layer_network(graph, {.mode = LayeringMode::kQuantile}).layer,
            (std::vector<std::uint8_t>{1, 1, 2, 2, 3, 3, 4, 4, 5, 5}));
  graph.input_weight[0] = 0;  // then by strength: only the ends of the path differ from their neighbours
  EXPECT_TRUE(layer_network(graph, {.mode = LayeringMode::kQuantile}).ordered_by_strength);
}

/// Betweenness is v (7 - v): in pairs of ties. Of eight neurons the last fifth is one (4), the two before it
/// three (2, 5, 3), whose nearer half is two.
TEST(QuantileLayering, SharesOddCountsOutByRankAndDepth) {
  EXPECT_EQ(layer_network(even_path(8), {.mode = LayeringMode::kQuantile}).layer,
            (std::vector<std::uint8_t>{1, 1, 2, 2, 3, 4, 5, 5}));
}

TEST(EdgeClasses, SumToAllEdgesAndTheirMass) {
  std::mt19937 bits(4);
  const RecurrentGraph graph = random_network(40, 0.2, false, bits);
  const EdgeClasses classes = classify_edges(graph.edges, layer_network(graph).layer);
  std::size_t edges = 0;
  double mass = 0;
  for (const EdgeClass& c : {classes.feed_forward, classes.skip, classes.lateral, classes.feedback}) {
    edges += c.edges;
    mass += c.mass;
  }
  double total = 0;
  for (const RecurrentEdge& e : graph.edges) total += std::abs(e.weight);
  EXPECT_EQ(edges, graph.edges.size());
  EXPECT_NEAR(mass, total, 1e-12 * total);
}

TEST(EdgeClasses, AreNamedByTheLayersTheyJoin) {
  const std::vector<RecurrentEdge> edges = {{0, 1, 2}, {0, 4, -3}, {2, 2, 4}, {4, 3, 5}};
  const EdgeClasses classes = classify_edges(edges, std::vector<std::uint8_t>{1, 2, 3, 4, 5});
  EXPECT_EQ(classes.feed_forward.mass, 2);
  EXPECT_EQ(classes.skip.mass, 3);
  EXPECT_EQ(classes.lateral.mass, 4);
  EXPECT_EQ(classes.feedback.mass, 5);
  EXPECT_EQ(classes.between[0][4].edges, 1u);
  EXPECT_EQ(classes.between[4][3].mass, 5);
}

}  // namespace
}  // namespace chronotope::topology
