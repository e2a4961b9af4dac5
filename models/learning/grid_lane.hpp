// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "chronotope/models/learning/grid_item.hpp"
#include "chronotope/models/learning/grid_model.hpp"

namespace chronotope::models {

/// What a group of items adds to the gradient.
template <class Real>
struct GridGradient {
  explicit GridGradient(const GridModel<Real>& model);

  void assign_zeros(const GridModel<Real>& model);

  std::vector<AlignedColumn<Real>> rows;  // as the weights of the model's rows
  std::vector<double> read_out;           // [neuron][class]
  ConstantColumns<Real> sums;
};

/// The way back of some items at once, step by step, the last one first:
///
///   v_t = alpha u*_(t+1)        g_(s,t) = (phi_s/C_m) u*_(t+1) + rho_s g_(s,t+1)
///   h_t = (W_o^T o_t) + sum over synapses out of the neuron of w g_(s,t+d) + dL/ds_t
///   u*_t = m_t [(1 - s_t) v_t + sigma'(u_t)/Delta h_t],   dL/dw = sum_t g_(s,t) z_(t-d)
///
/// Items are rows of [item][neuron] arrays; for rows of few synapses, g is turned round to [neuron][item].
/// Memory: as many steps of g as the longest delay has, and one more.
template <class Real>
class GridLane {
 public:
  explicit GridLane(const GridModel<Real>& model) : model_(model) {}

  /// `gradients`: one for every kItemGroup items, set anew.
  void run_back(std::span<GridItem<Real>* const> items, std::span<GridGradient<Real>> gradients,
                const Checkpoint& checkpoint);

 private:
  void begin(std::span<GridItem<Real>* const> items);
  void prepare(std::span<GridItem<Real>* const> items, std::uint32_t step,
               std::span<GridGradient<Real>> gradients);
  void pass_through_synapses(std::uint32_t step, std::uint32_t last);
  void multiply_sparse(const GridRows<Real>& rows, std::uint32_t step);
  void step_back(const GridItem<Real>& item, std::size_t b, std::uint32_t step, GridGradient<Real>& gradient);
  void add_first_spikes(const GridItem<Real>& item, std::size_t b, std::uint32_t step,
                        GridGradient<Real>& gradient);
  void add_weights(const GridItem<Real>& item, std::size_t b, std::uint32_t step,
                   GridGradient<Real>& gradient) const;
  void turn(std::uint32_t step);

  std::size_t slot(std::uint32_t step) const { return step % depth_; }
  /// g of one step and receptor, [item][neuron].
  std::size_t at(std::uint32_t step, std::size_t receptor, std::size_t item) const {
    return ((slot(step) * model_.receptors() + receptor) * items_ + item) * model_.padded();
  }
  /// The same in [neuron][item].
  std::size_t turned_at(std::uint32_t step, std::size_t receptor) const {
    return (slot(step) * model_.receptors() + receptor) * items_ * model_.padded();
  }
  std::size_t h_stride() const { return model_.padded() + kRowSlack; }

  const GridModel<Real>& model_;
  std::size_t items_ = 0;  // up to a multiple of kItemGroup
  std::size_t depth_ = 0;
  AlignedColumn<Real> u_;       // [item][neuron]
  AlignedColumn<Real> h_;       // [item][neuron], with slack
  AlignedColumn<Real> g_;       // [step mod depth][receptor][item][neuron]
  AlignedColumn<Real> turned_;  // [step mod depth][receptor][neuron][item]
  AlignedColumn<Real> passed_;  // [source][item]
};

extern template struct GridGradient<float>;
extern template struct GridGradient<double>;
extern template class GridLane<float>;
extern template class GridLane<double>;

}  // namespace chronotope::models
