// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/representation/network_embedding.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "chronotope/core/random_stream.hpp"

namespace chronotope::topology {
namespace {

/// A random network with equal weights among unequal ones, parallel edges and loops.
EmbeddedNetwork random_network(std::uint32_t neurons, std::size_t edges, std::uint64_t seed) {
  RandomStream draw(seed, Purpose("test"), 0);
  EmbeddedNetwork network;
  network.neurons = neurons;
  for (std::uint32_t v = 0; v < neurons; ++v) {
    network.tau_m.push_back(v % 3 == 0 ? 20 : 5 + 30 * draw.uniform());
    network.tau_syn.push_back(2 + 8 * draw.uniform());
    network.input_weight.push_back(v % 2 == 0 ? 0 : 100 * draw.uniform());
  }
  for (std::size_t e = 0; e < edges; ++e)
    network.edges.push_back(
        {static_cast<std::uint32_t>(draw.below(neurons)), static_cast<std::uint32_t>(draw.below(neurons)),
         e % 4 == 0 ? 60 : 200 * draw.uniform() - 80, e % 2 == 0 ? 1.5 : 5 * draw.uniform()});
  return network;
}

template <class T>
void shuffle(std::vector<T>& values, RandomStream& draw) {
  for (std::size_t k = values.size(); k > 1; --k) std::swap(values[k - 1], values[draw.below(k)]);
}

/// The same network with other numbers for its neurons and its synapses in another order.
EmbeddedNetwork renumbered(const EmbeddedNetwork& network, std::uint64_t seed) {
  RandomStream draw(seed, Purpose("renumber"), 0);
  std::vector<std::uint32_t> number(network.neurons);
  std::iota(number.begin(), number.end(), 0U);
  shuffle(number, draw);
  EmbeddedNetwork other = network;
  for (std::size_t v = 0; v < network.neurons; ++v) {
    other.tau_m[number[v]] = network.tau_m[v];
    other.tau_syn[number[v]] = network.tau_syn[v];
    other.input_weight[number[v]] = network.input_weight[v];
  }
  for (EmbeddedEdge& edge : other.edges) {
    edge.source = number[edge.source];
    edge.target = number[edge.target];
  }
  shuffle(other.edges, draw);
  return other;
}

TEST(NetworkEmbedding, IsTheSameForEveryNumberingBitByBit) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const EmbeddedNetwork network = random_network(60, 700, seed);
    const auto embedding = network_embedding(network, seed);
    EXPECT_EQ(embedding.size(), 128U);
    for (std::uint64_t k = 0; k < 10; ++k)
      EXPECT_EQ(network_embedding(renumbered(network, k), seed), embedding);
  }
}

/// The formulas with matrices over all pairs, std::tanh, and sums in no order.
std::vector<double> by_definition(const EmbeddedNetwork& network, std::uint64_t seed) {
  const auto matrix = [&](const std::string& name, std::size_t columns) {
    RandomStream stream(seed, Purpose("embedding." + name), 0);
    std::vector<std::vector<double>> m(16, std::vector<double>(columns));
    for (auto& row : m)
      for (double& x : row) x = (2 * stream.uniform() - 1) * std::sqrt(3.0 / static_cast<double>(columns));
    return m;
  };
  const auto times = [](const std::vector<std::vector<double>>& m, const std::vector<double>& x) {
    std::vector<double> y;
    for (const auto& row : m) y.push_back(std::inner_product(row.begin(), row.end(), x.begin(), 0.0));
    return y;
  };
  std::vector<std::vector<double>> h;
  for (std::uint32_t v = 0; v < network.neurons; ++v) {
    double degree[2] = {}, strength[4] = {}, sum[2] = {}, squares[2] = {};
    const auto s = [](double w) { return (w < 0 ? -1 : 1) * std::log1p(std::abs(w)) / 4; };
    for (const EmbeddedEdge& e : network.edges)
      for (int side = 0; side < 2; ++side)
        if ((side == 0 ? e.target : e.source) == v) {
          ++degree[side];
          sum[side] += s(e.weight);
          squares[side] += s(e.weight) * s(e.weight);
          strength[2 * side + (e.weight < 0 ? 1 : 0)] += std::abs(e.weight);
        }
    std::vector<double> f{1, std::log(network.tau_m[v] / 20), std::log(network.tau_syn[v] / 5),
                          std::log1p(degree[0]), std::log1p(degree[1])};
    for (const double of_sign : strength) f.push_back(std::log1p(of_sign));
    f.push_back(std::log1p(network.input_weight[v]));
    for (std::size_t k = 1; k < f.size(); ++k) f[k] /= 4;
    for (int side = 0; side < 2; ++side) {
      const double n = std::max(1.0, degree[side]), mean = sum[side] / n;
      f.push_back(std::sqrt(std::max(0.0, squares[side] / n - mean * mean)));
    }
    h.push_back(times(matrix("A", 12), f));
    for (double& x : h.back()) x = std::tanh(x);
  }
  std::vector<double> result;
  const auto pool = [&] {
    for (int moment = 0; moment < 2; ++moment)
      for (std::size_t c = 0; c < 16; ++c) {
        double mean = 0, squares = 0;
        for (const auto& x : h) mean += x[c] / static_cast<double>(h.size());
        for (const auto& x : h) squares += (x[c] - mean) * (x[c] - mean) / static_cast<double>(h.size());
        result.push_back(moment == 0 ? mean : std::sqrt(squares));
      }
  };
  pool();
  for (int round = 0; round < 3; ++round) {
    const std::string k = std::to_string(round);
    auto next = h;
    for (std::uint32_t v = 0; v < network.neurons; ++v) {
      std::vector<double> heard[2] = {std::vector<double>(32), std::vector<double>(32)};
      double degree[2] = {};
      for (const EmbeddedEdge& e : network.edges)
        for (int side = 0; side < 2; ++side) {
          if ((side == 0 ? e.target : e.source) != v) continue;
          const auto& other = h[side == 0 ? e.source : e.target];
          const double s = (e.weight < 0 ? -1 : 1) * std::log1p(std::abs(e.weight)) / 4;
          ++degree[side];
          for (std::size_t c = 0; c < 16; ++c) {
            heard[side][c] += s * other[c];
            heard[side][16 + c] += s * e.delay / (1 + e.delay) * other[c];
          }
        }
      auto sum = times(matrix("U" + k, 16), h[v]);
      for (int side = 0; side < 2; ++side) {
        for (double& x : heard[side]) x /= std::max(1.0, degree[side]);
        const auto add = times(matrix((side == 0 ? "B" : "C") + k, 32), heard[side]);
        for (std::size_t c = 0; c < 16; ++c) sum[c] += add[c];
      }
      for (std::size_t c = 0; c < 16; ++c) next[v][c] = std::tanh(sum[c]);
    }
    h = next;
    pool();
  }
  return result;
}

TEST(NetworkEmbedding, IsThatOfItsFormulas) {
  const EmbeddedNetwork network = random_network(20, 150, 7);
  const auto embedding = network_embedding(network, 3), expected = by_definition(network, 3);
  ASSERT_EQ(embedding.size(), expected.size());
  for (std::size_t k = 0; k < embedding.size(); ++k) EXPECT_NEAR(embedding[k], expected[k], 1e-12) << k;
}

TEST(NetworkEmbedding, SeesWeightsDelaysConstantsAndEnds) {
  const EmbeddedNetwork network = random_network(30, 200, 2);
  const auto embedding = network_embedding(network, 1);
  const auto moved = [&](const EmbeddedNetwork& other) {
    return embedding_distance(embedding, network_embedding(other, 1));
  };
  EmbeddedNetwork other = network;
  other.edges[5].weight += 1;
  EXPECT_GT(moved(other), 1e-6);
  other = network;
  other.edges[5].weight *= -1;
  EXPECT_GT(moved(other), 1e-6);
  other = network;
  other.edges[5].delay += 1;
  EXPECT_GT(moved(other), 1e-6);
  other = network;
  other.tau_m[7] *= 1.1;
  EXPECT_GT(moved(other), 1e-6);
  other = network;
  std::swap(other.edges[5].target, other.edges[6].target);  // the same degrees
  EXPECT_GT(moved(other), 1e-6);
  EXPECT_EQ(moved(network), 0);
  EXPECT_NE(network_embedding(network, 2), embedding);
}

TEST(NetworkEmbedding, OfNothingAndOfOneIsFinite) {
  EXPECT_EQ(network_embedding({}, 1), std::vector<double>(128, 0));
  EmbeddedNetwork one;
  one.neurons = 1;
  one.tau_m = {1e9};
  one.tau_syn = {1e-3};
  one.input_weight = {1e15};
  one.edges = {{0, 0, -1e9, 1e9}};
  for (const double x : network_embedding(one, 1)) EXPECT_TRUE(std::isfinite(x));
}

}  // namespace
}  // namespace chronotope::topology
