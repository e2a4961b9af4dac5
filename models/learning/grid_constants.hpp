// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "chronotope/core/time.hpp"
#include "chronotope/models/learning/aligned_column.hpp"
#include "chronotope/models/learning/surrogate_kernels.hpp"
#include "chronotope/models/learning/trained_network.hpp"

namespace chronotope::models {

/// Sums over all steps and items, per neuron and per [receptor][neuron]; see ConstantSums.
template <class Real>
struct ConstantColumns {
  AlignedColumn<Real> u, u_V, threshold, reset, u_I, g_I;

  void assign_zeros(std::size_t padded, std::size_t receptors);
  ConstantColumns& operator+=(const ConstantColumns& more);
};

/// The constants of all neurons for a step of the grid, exact for any time constants.
template <class Real>
class GridConstants {
 public:
  /// Delta of the surrogate is |V_th - E_L| of this network and stays.
  GridConstants(const TrainedNetwork& start, Duration dt, double beta);
  GridConstants(const GridConstants&) = delete;  // neurons() leads into this one
  GridConstants& operator=(const GridConstants&) = delete;

  void refresh(const NetworkParameters& values);

  const GridNeurons<Real>& neurons() const { return neurons_; }
  /// V_m - E_L at the begin of an item.
  const AlignedColumn<Real>& start() const { return start_; }
  double delta(std::size_t neuron) const { return delta_[neuron]; }

  /// Turns sums into gradients by tau_m, C_m, E_L, V_th, V_reset, I_e and tau_syn.
  void differentiate(const NetworkParameters& values, const ConstantColumns<Real>& sums,
                     NetworkParameters& gradient) const;

 private:
  double dt_;
  Duration step_;
  std::vector<double> delta_;
  AlignedColumn<Real> alpha_, drift_, threshold_, reset_, hold_, scale_, kick_, decay_, start_;
  GridNeurons<Real> neurons_;
};

extern template struct ConstantColumns<float>;
extern template struct ConstantColumns<double>;
extern template class GridConstants<float>;
extern template class GridConstants<double>;

}  // namespace chronotope::models
