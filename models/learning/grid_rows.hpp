// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "chronotope/core/time.hpp"
#include "chronotope/models/learning/aligned_column.hpp"
#include "chronotope/models/learning/surrogate_kernels.hpp"
#include "chronotope/models/learning/trained_network.hpp"

namespace chronotope::models {

/// The synapses of one receptor, one delay in steps and one kind of source (neurons or channels), in rows by
/// source. Where more than a quarter of all pairs are connected, a row has an entry for every neuron; else
/// only for its targets.
///
/// Memory: one Real per pair (and one more for rows of neurons), or one Real and 4 bytes per synapse.
template <class Real>
struct GridRows {
  bool from_channels = false;
  std::uint32_t receptor = 0;
  std::uint32_t delay = 0;         // [steps]
  std::uint32_t first_source = 0;  // rows are of the sources from here on
  std::uint32_t sources = 0;
  bool dense = false;
  std::size_t width = 0;  // of a dense row

  std::vector<std::uint32_t> begin;   // of sparse rows, one more than there are
  std::vector<std::uint32_t> target;  // of sparse rows
  AlignedColumn<Real> weight;         // row after row
  AlignedColumn<Real> panels;         // the same in the order of the dense product, for rows of neurons

  std::vector<std::uint32_t> synapse;  // those in here, by row
  std::vector<std::uint32_t> place;    // of each in `weight`

  SparseRows<Real> sparse() const { return {sources, begin.data(), target.data(), weight.data()}; }
  bool has(std::uint32_t source) const { return source - first_source < sources; }
  /// Takes over the weights [pA] of the network.
  void refresh(const std::vector<double>& weights, std::size_t panel, std::size_t neurons);
};

/// All rows of a network on a grid: delay = floor(d/dt + 1/2) steps, at least 1 from neurons.
template <class Real>
std::vector<GridRows<Real>> make_grid_rows(const TrainedNetwork& network, Duration dt);

extern template struct GridRows<float>;
extern template struct GridRows<double>;
extern template std::vector<GridRows<float>> make_grid_rows(const TrainedNetwork&, Duration);
extern template std::vector<GridRows<double>> make_grid_rows(const TrainedNetwork&, Duration);

}  // namespace chronotope::models
