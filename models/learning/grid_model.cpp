// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/learning/grid_model.hpp"

#include <algorithm>

#include "chronotope/core/error.hpp"

namespace chronotope::models {
namespace {

template <class Real>
const SurrogateKernels<Real>& chosen_kernels(const SurrogateOptions& options) {
  if (!options.vectors) return widest_kernels<Real>();
  const SurrogateKernels<Real>* kernels = kernels_of<Real>(*options.vectors);
  if (kernels == nullptr) throw InputError("this processor does not have vectors of the width asked for");
  return *kernels;
}

}  // namespace

template <class Real>
GridModel<Real>::GridModel(const TrainedNetwork& start, const SurrogateOptions& chosen)
    : options(chosen),
      kernels(chosen_kernels<Real>(chosen)),
      constants(start, chosen.dt, chosen.beta),
      rows(make_grid_rows<Real>(start, chosen.dt)),
      neurons(start.neurons),
      classes(chosen.loss.is_leaky() ? start.outputs() : static_cast<std::uint32_t>(chosen.outputs.size())) {
  if (chosen.loss.is_leaky()) {
    read_out.assign(std::size_t{neurons} * classes, 0);
    read_out_by_class.assign(padded() * classes, 0);
  }
}

template <class Real>
void GridModel<Real>::refresh(const TrainedNetwork& network) {
  constants.refresh(network.parameters);
  for (GridRows<Real>& block : rows) block.refresh(network.parameters.weight, kernels.panel, neurons);
  if (!options.loss.is_leaky()) return;
  for (std::size_t k = 0; k < classes; ++k)
    for (std::size_t i = 0; i < neurons; ++i) {
      const double weight = network.parameters.W_o[k * neurons + i];
      read_out[i * classes + k] = weight;
      read_out_by_class[k * padded() + i] = static_cast<Real>(weight);
    }
}

template <class Real>
std::uint32_t GridModel<Real>::longest_delay() const {
  std::uint32_t longest = 1;
  for (const GridRows<Real>& block : rows)
    if (!block.from_channels) longest = std::max(longest, block.delay);
  return longest;
}

template <class Real>
bool GridModel<Real>::has_sparse_rows_of_neurons() const {
  return std::any_of(rows.begin(), rows.end(),
                     [](const GridRows<Real>& block) { return !block.from_channels && !block.dense; });
}

template struct GridModel<float>;
template struct GridModel<double>;

}  // namespace chronotope::models
