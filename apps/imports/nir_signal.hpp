// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "chronotope/core/time.hpp"
#include "chronotope/proto/formats/nir_graph.hpp"

namespace chronotope::apps {

/// What runs along an edge of a NIR graph: each of its elements is a sum of weighted, delayed spikes of neurons and
/// inputs, and of a constant.
struct NirSignal {
  struct Term {
    std::uint32_t node = 0;   // that spikes
    std::uint32_t index = 0;  // which of its neurons or channels
    Duration delay;
    double weight = 0;
  };

  explicit NirSignal(std::size_t size) : terms(size), bias(size) {}
  std::size_t size() const { return bias.size(); }
  bool has_terms() const;

  std::vector<std::vector<Term>> terms;  // by element; those of one source and delay are one
  std::vector<double> bias;
};

/// The signals of a graph: the product of its linear nodes between those that spike. Multi-dimensional elements are
/// numbered with the last dimension fastest.
///
/// Errors: InputError that names the node, for sizes that do not fit and edges that lead round without a neuron.
class NirSignals {
 public:
  explicit NirSignals(const proto::NirGraph& graph);

  /// How many neurons, channels or outputs a node has. What has one number for each of its parameters is as large as
  /// what leads to it.
  std::size_t size(std::size_t node) const { return size_[node]; }
  /// The sum of what leads to a node.
  NirSignal arriving(std::size_t node);

 private:
  enum class Progress { kNew, kBegun, kDone };

  std::size_t find_size(std::size_t node);
  std::size_t own_size(const proto::NirNode& node) const;
  const NirSignal& leaving(std::size_t node);
  NirSignal make_leaving(std::size_t node);
  NirSignal multiplied(const proto::NirNode& node, const NirSignal& in) const;
  void scale(const proto::NirNode& node, NirSignal& signal) const;
  void delay(const proto::NirNode& node, NirSignal& signal) const;

  const proto::NirGraph& graph_;
  std::vector<std::vector<std::size_t>> leading_to_;  // by node
  std::vector<std::size_t> size_;
  std::vector<Progress> progress_;
  std::vector<std::optional<NirSignal>> leaving_;
  int depth_ = 0;
};

/// LIF, CubaLIF, IF.
bool is_neuron(const proto::NirNode& node);

}  // namespace chronotope::apps
