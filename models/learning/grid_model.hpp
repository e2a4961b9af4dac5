// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "chronotope/models/learning/grid_constants.hpp"
#include "chronotope/models/learning/grid_rows.hpp"
#include "chronotope/models/learning/surrogate_options.hpp"

namespace chronotope::models {

/// What all items of a batch share on the grid: constants, rows of weights, the read-out's weights.
template <class Real>
struct GridModel {
  GridModel(const TrainedNetwork& start, const SurrogateOptions& chosen);

  void refresh(const TrainedNetwork& network);

  std::size_t padded() const { return constants.neurons().padded; }
  std::size_t receptors() const { return constants.neurons().receptors; }
  /// The longest delay between neurons [steps].
  std::uint32_t longest_delay() const;
  bool has_sparse_rows_of_neurons() const;

  SurrogateOptions options;
  const SurrogateKernels<Real>& kernels;
  GridConstants<Real> constants;
  std::vector<GridRows<Real>> rows;
  std::uint32_t neurons;
  std::uint32_t classes;
  std::vector<double> read_out;           // [neuron][class]
  AlignedColumn<Real> read_out_by_class;  // [class][neuron], padded
};

extern template struct GridModel<float>;
extern template struct GridModel<double>;

}  // namespace chronotope::models
