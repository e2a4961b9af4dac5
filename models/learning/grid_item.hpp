// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "chronotope/core/checkpoint.hpp"
#include "chronotope/models/learning/grid_model.hpp"
#include "chronotope/models/learning/leaky_read_out.hpp"
#include "chronotope/models/learning/step_lists.hpp"

namespace chronotope::models {

/// One item of a batch on its way through the grid: forward, and what the way back needs of it. Buffers grow
/// to the longest item met and stay.
template <class Real>
class GridItem {
 public:
  explicit GridItem(const GridModel<Real>& model);

  /// Runs the item. `keep`: for the way back. Calls `checkpoint` at every step.
  void run(const Item& item, bool keep, const Checkpoint& checkpoint);
  /// The cross-entropy, or the distance of matched trains. Derivatives are multiplied by `share`, of the item in the batch's mean.
  double loss(double share);
  /// The regulariser; sets its derivative by every s_t.
  double regularise(double share);

  std::uint32_t steps() const { return steps_; }
  std::uint32_t prediction() const { return first_largest(logits_); }
  std::span<const double> logits() const { return logits_; }
  std::span<const std::uint32_t> counts() const { return counts_; }
  const StepLists& spikes() const { return spikes_; }
  const StepLists& sources(const GridRows<Real>& rows) const {
    return rows.from_channels ? inputs_ : spikes_;
  }

  const Real* U(std::uint32_t step) const { return U_.data() + row(step) * model_.padded(); }
  /// U_(t-1), or V_0.
  const Real* V_before(std::uint32_t step) const { return step == 1 ? start_.data() : U(step - 1); }
  const Real* I_before(std::uint32_t step) const {
    return I_kept_.data() + (step - 1) * model_.padded() * model_.receptors();
  }

  /// To be called before the first by_spike.
  void begin_back();
  /// dL/ds_t of all neurons but for what their synapses pass on, steps in reverse. Returns o_t.
  std::span<const double> by_spike(std::uint32_t step, Real* h);

  /// Where the loss sees a first spike: its output neuron fired in `step`, with U - V_(t-1) = `rise`.
  struct FirstSpike {
    std::uint32_t step = 0;  // 0: silent
    double theta = 0;        // where inside the step
    double rise = 0;         // [mV]
  };
  /// Its derivatives by U of `step` and by V of the one before; 0 when it is not there.
  struct FirstSpikeSeed {
    std::uint32_t step = 0;
    double by_U = 0;
    double by_V = 0;
    double by_threshold = 0;
  };
  FirstSpikeSeed first_spike_seed(std::size_t output) const;

 private:
  std::size_t row(std::uint32_t step) const { return keep_ ? step - 1 : step % 2; }
  void resize(bool keep);
  void integrate(std::uint32_t step);
  void receive(std::uint32_t step);
  void receive_sparse(const GridRows<Real>& rows, std::size_t source, Real times);
  void read_out(std::uint32_t step);
  void note_first_spikes(std::uint32_t step);
  void note_errors(std::uint32_t step);
  double discount(std::uint32_t step) const;
  double output_logit(std::size_t output) const;

  const GridModel<Real>& model_;
  double dt_;
  bool keep_ = false;
  std::uint32_t label_ = 0;
  std::uint32_t steps_ = 0;
  StepLists inputs_;
  StepLists spikes_;
  std::vector<std::uint32_t> fired_;
  std::vector<std::uint32_t> counts_;
  AlignedColumn<Real> start_, V_, I_, wait_;
  AlignedColumn<Real> U_;       // [step][neuron]
  AlignedColumn<Real> I_kept_;  // I_(t-1), [step][receptor][neuron]
  AlignedColumn<Real> by_count_;
  LeakyReadOut leaky_;
  std::vector<FirstSpike> first_;
  std::vector<double> discounted_;
  StepLists target_;
  double matched_loss_ = 0;
  double share_ = 0;              // of the item, for the way back
  std::vector<double> error_;     // e_t of matched trains: [step][output], or of the last step
  std::vector<double> by_error_;  // of the way back, by output
  std::vector<double> logits_;
  std::vector<double> by_logit_;
};

extern template class GridItem<float>;
extern template class GridItem<double>;

}  // namespace chronotope::models
