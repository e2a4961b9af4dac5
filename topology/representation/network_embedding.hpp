// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace chronotope::topology {

/// A synapse of a network that is embedded, between neurons numbered through.
struct EmbeddedEdge {
  std::uint32_t source;
  std::uint32_t target;
  double weight;  // [pA or mV]
  double delay;   // [ms]
};

/// What an embedding looks at. Invariants: ends are < neurons; every column has one entry per neuron.
struct EmbeddedNetwork {
  std::size_t neurons = 0;
  std::vector<EmbeddedEdge> edges;
  std::vector<double> input_weight;  // summed |weight| of external input synapses
  std::vector<double> tau_m;         // [ms]
  std::vector<double> tau_syn;       // [ms], excitatory
};

/// A point for a network as a weighted graph, wherever its neurons stand: the same for every numbering of them,
/// bit by bit. Message passing with random matrices that are drawn once from `seed` and never fitted (as in
/// randomised graph networks: Gallicchio & Micheli 2010; the formulas are this project's own). With f_v = (1,
/// ln(tau_m/20)/4, ln(tau_syn/5)/4, ln(1 + degree)/4 in and out, ln(1 + strength)/4 in and out of both signs,
/// ln(1 + input weight)/4, standard deviation of s(w) in and out) of neuron v, s(w) = sign(w) ln(1 + |w|)/4,
/// d' = d/(1 + d) and
/// h_v(0) = tanh(A f_v) of 16 numbers:
///   m_v = mean over edges u -> v of s(w) (h_u(k), d' h_u(k)),   n_v the same over edges v -> u,
///   h_v(k + 1) = tanh(U_k h_v(k) + B_k m_v + C_k n_v),   k = 0, 1, 2.
/// The embedding is mean and standard deviation over the neurons of every number of h(0) .. h(3): 128 numbers.
/// Sums run over neighbours in the order of (w, d, h) and over neurons in that of h, so that equal terms alone
/// change places when neurons are renumbered.
///
/// Graphs that three rounds of colour refinement can not tell apart have one embedding. A network without
/// neurons is all 0. Cost: O(E log E) comparisons and 200 flops per synapse and round. Requires: finite values.
std::vector<double> network_embedding(const EmbeddedNetwork& network, std::uint64_t seed);

/// The root of the mean squared difference. Requires: equal lengths.
double embedding_distance(const std::vector<double>& a, const std::vector<double>& b);

}  // namespace chronotope::topology
