// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/representation/network_embedding.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <numeric>
#include <span>
#include <string>

#include "chronotope/core/exponential.hpp"
#include "chronotope/core/random_stream.hpp"

namespace chronotope::topology {
namespace {

constexpr std::size_t kWidth = 16;
constexpr std::size_t kRounds = 3;
constexpr std::size_t kFeatures = 12;
constexpr double kLogUnit = 4;  // logarithms of degrees, strengths and weights come to about 1 in it

using Hidden = std::array<double, kWidth>;
using Features = std::array<double, kFeatures>;
/// A mean of neighbours, and one weighted by the delays.
using Message = std::array<double, 2 * kWidth>;

double tanh_of(double x) {
  const double e = expm1(-2 * std::abs(x));
  return std::copysign(-e / (2 + e), x);
}

double size_of(double weight) { return std::copysign(log1p(std::abs(weight)), weight) / kLogUnit; }

/// Entries uniform in [-1, 1] times the root of 3/columns, which keeps the variance of what they multiply.
class RandomMatrix {
 public:
  RandomMatrix(std::uint64_t seed, const std::string& name, std::size_t columns)
      : columns_(columns), entries_(kWidth * columns) {
    RandomStream stream(seed, Purpose("embedding." + name), 0);
    for (double& entry : entries_)
      entry = (2 * stream.uniform() - 1) * std::sqrt(3 / static_cast<double>(columns));
  }

  void add_product(std::span<const double> x, Hidden& to) const {
    for (std::size_t r = 0; r < kWidth; ++r)
      for (std::size_t c = 0; c < columns_; ++c) to[r] += entries_[r * columns_ + c] * x[c];
  }

 private:
  std::size_t columns_;
  std::vector<double> entries_;
};

struct Strength {
  std::size_t degree = 0;
  std::array<double, 2> of_sign{};
  double mean = 0;    // of s(w)
  double spread = 0;  // its standard deviation
};

/// In the order of the weights, so that the sums do not depend on the numbers of neurons.
std::vector<Strength> strengths(const EmbeddedNetwork& network, std::uint32_t EmbeddedEdge::*end) {
  std::vector<std::uint32_t> order(network.edges.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return network.edges[a].weight < network.edges[b].weight;
  });
  std::vector<Strength> all(network.neurons);
  for (const std::uint32_t e : order) {
    Strength& s = all[network.edges[e].*end];
    ++s.degree;
    s.of_sign[network.edges[e].weight < 0 ? 1 : 0] += std::abs(network.edges[e].weight);
    s.mean += size_of(network.edges[e].weight);
  }
  for (Strength& s : all) s.mean /= std::max(1.0, static_cast<double>(s.degree));
  for (const std::uint32_t e : order) {
    Strength& s = all[network.edges[e].*end];
    const double apart = size_of(network.edges[e].weight) - s.mean;
    s.spread += apart * apart / static_cast<double>(s.degree);
  }
  for (Strength& s : all) s.spread = std::sqrt(s.spread);
  return all;
}

std::vector<Hidden> first_layer(const EmbeddedNetwork& network, std::uint64_t seed) {
  const RandomMatrix A(seed, "A", kFeatures);
  const auto in = strengths(network, &EmbeddedEdge::target), out = strengths(network, &EmbeddedEdge::source);
  std::vector<Hidden> h(network.neurons);
  for (std::size_t v = 0; v < network.neurons; ++v) {
    Features f{1,
               log(network.tau_m[v] / 20),
               log(network.tau_syn[v] / 5),
               log1p(static_cast<double>(in[v].degree)),
               log1p(static_cast<double>(out[v].degree)),
               log1p(in[v].of_sign[0]),
               log1p(in[v].of_sign[1]),
               log1p(out[v].of_sign[0]),
               log1p(out[v].of_sign[1]),
               log1p(network.input_weight[v]),
               in[v].spread * kLogUnit,
               out[v].spread * kLogUnit};
    for (std::size_t k = 1; k < kFeatures; ++k) f[k] /= kLogUnit;
    A.add_product(f, h[v]);
    for (double& x : h[v]) x = tanh_of(x);
  }
  return h;
}

/// What every neuron hears from the other ends of the edges that it is the end `own` of.
std::vector<Message> messages(const EmbeddedNetwork& network, const std::vector<Hidden>& h,
                              std::uint32_t EmbeddedEdge::*own, std::uint32_t EmbeddedEdge::*other) {
  std::vector<std::vector<std::uint32_t>> edges_of(network.neurons);
  for (std::uint32_t e = 0; e < network.edges.size(); ++e) edges_of[network.edges[e].*own].push_back(e);
  std::vector<Message> all(network.neurons);
  for (std::size_t v = 0; v < network.neurons; ++v) {
    auto& edges = edges_of[v];
    std::sort(edges.begin(), edges.end(), [&](std::uint32_t a, std::uint32_t b) {
      const EmbeddedEdge &x = network.edges[a], &y = network.edges[b];
      if (x.weight != y.weight) return x.weight < y.weight;
      if (x.delay != y.delay) return x.delay < y.delay;
      return h[x.*other] < h[y.*other];
    });
    for (const std::uint32_t e : edges) {
      const EmbeddedEdge& edge = network.edges[e];
      const double weight = size_of(edge.weight);
      const double delayed = weight * edge.delay / (1 + edge.delay);
      for (std::size_t c = 0; c < kWidth; ++c) {
        all[v][c] += weight * h[edge.*other][c];
        all[v][kWidth + c] += delayed * h[edge.*other][c];
      }
    }
    for (double& x : all[v])
      if (!edges.empty()) x /= static_cast<double>(edges.size());
  }
  return all;
}

std::vector<Hidden> next_layer(const EmbeddedNetwork& network, const std::vector<Hidden>& h,
                               std::uint64_t seed, std::size_t round) {
  const std::string k = std::to_string(round);
  const RandomMatrix U(seed, "U" + k, kWidth), B(seed, "B" + k, 2 * kWidth), C(seed, "C" + k, 2 * kWidth);
  const auto in = messages(network, h, &EmbeddedEdge::target, &EmbeddedEdge::source);
  const auto out = messages(network, h, &EmbeddedEdge::source, &EmbeddedEdge::target);
  std::vector<Hidden> next(network.neurons);
  for (std::size_t v = 0; v < network.neurons; ++v) {
    U.add_product(h[v], next[v]);
    B.add_product(in[v], next[v]);
    C.add_product(out[v], next[v]);
    for (double& x : next[v]) x = tanh_of(x);
  }
  return next;
}

/// Mean and standard deviation of every number.
void append_pooled(std::vector<Hidden> h, std::vector<double>& embedding) {
  std::sort(h.begin(), h.end());
  const double share = h.empty() ? 0 : 1 / static_cast<double>(h.size());
  Hidden mean{}, squares{};
  for (const Hidden& x : h)
    for (std::size_t c = 0; c < kWidth; ++c) mean[c] += x[c] * share;
  for (const Hidden& x : h)
    for (std::size_t c = 0; c < kWidth; ++c) squares[c] += (x[c] - mean[c]) * (x[c] - mean[c]) * share;
  embedding.insert(embedding.end(), mean.begin(), mean.end());
  for (const double s : squares) embedding.push_back(std::sqrt(s));
}

}  // namespace

std::vector<double> network_embedding(const EmbeddedNetwork& network, std::uint64_t seed) {
  assert(network.tau_m.size() == network.neurons && network.tau_syn.size() == network.neurons &&
         network.input_weight.size() == network.neurons);
  std::vector<double> embedding;
  std::vector<Hidden> h = first_layer(network, seed);
  append_pooled(h, embedding);
  for (std::size_t round = 0; round < kRounds; ++round) {
    h = next_layer(network, h, seed, round);
    append_pooled(h, embedding);
  }
  return embedding;
}

double embedding_distance(const std::vector<double>& a, const std::vector<double>& b) {
  assert(a.size() == b.size() && !a.empty());
  double squares = 0;
  for (std::size_t k = 0; k < a.size(); ++k) squares += (a[k] - b[k]) * (a[k] - b[k]);
  return std::sqrt(squares / static_cast<double>(a.size()));
}

}  // namespace chronotope::topology
