// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/learning/grid_lane.hpp"

#include <algorithm>

namespace chronotope::models {

template <class Real>
GridGradient<Real>::GridGradient(const GridModel<Real>& model) {
  for (const GridRows<Real>& block : model.rows) rows.emplace_back(block.weight.size());
  read_out.resize(model.read_out.size());
}

template <class Real>
void GridGradient<Real>::assign_zeros(const GridModel<Real>& model) {
  for (AlignedColumn<Real>& block : rows) std::fill(block.begin(), block.end(), Real{0});
  std::fill(read_out.begin(), read_out.end(), 0);
  if (model.options.constants) sums.assign_zeros(model.padded(), model.receptors());
}

template <class Real>
void GridLane<Real>::run_back(std::span<GridItem<Real>* const> items, std::span<GridGradient<Real>> gradients,
                              const Checkpoint& checkpoint) {
  begin(items);
  for (GridGradient<Real>& gradient : gradients) gradient.assign_zeros(model_);
  std::uint32_t last = 0;
  for (const GridItem<Real>* item : items) last = std::max(last, item->steps());
  for (std::uint32_t t = last; t >= 1; --t) {
    checkpoint();
    prepare(items, t, gradients);
    pass_through_synapses(t, last);
    for (std::size_t b = 0; b < items.size(); ++b)
      if (t <= items[b]->steps()) step_back(*items[b], b, t, gradients[b / kItemGroup]);
    turn(t);
  }
}

template <class Real>
void GridLane<Real>::begin(std::span<GridItem<Real>* const> items) {
  items_ = (items.size() + kItemGroup - 1) / kItemGroup * kItemGroup;
  depth_ = model_.longest_delay() + 1;
  const std::size_t values = depth_ * model_.receptors() * items_ * model_.padded();
  u_.assign(items_ * model_.padded(), 0);
  h_.assign(items_ * h_stride(), 0);
  g_.assign(values, 0);
  if (model_.has_sparse_rows_of_neurons()) {
    turned_.assign(values, 0);
    passed_.resize(items_ * model_.padded());
  }
  for (GridItem<Real>* item : items) item->begin_back();
}

/// h_t but for the synapses, and the gradient by the read-out's weights.
template <class Real>
void GridLane<Real>::prepare(std::span<GridItem<Real>* const> items, std::uint32_t step,
                             std::span<GridGradient<Real>> gradients) {
  for (std::size_t b = 0; b < items.size(); ++b) {
    if (step > items[b]->steps()) continue;
    const auto o = items[b]->by_spike(step, h_.data() + b * h_stride());
    if (o.empty()) continue;
    for (const std::uint32_t i : items[b]->spikes().who(step)) {
      double* const sum = gradients[b / kItemGroup].read_out.data() + i * o.size();
      for (std::size_t k = 0; k < o.size(); ++k) sum[k] += o[k];
    }
  }
}

template <class Real>
void GridLane<Real>::pass_through_synapses(std::uint32_t step, std::uint32_t last) {
  for (const GridRows<Real>& rows : model_.rows) {
    if (rows.from_channels || step + rows.delay > last) continue;
    if (rows.dense)
      model_.kernels.multiply(rows.panels.data(), rows.sources, model_.neurons,
                              g_.data() + at(step + rows.delay, rows.receptor, 0), model_.padded(),
                              h_.data() + rows.first_source, h_stride(), items_);
    else
      multiply_sparse(rows, step);
  }
}

template <class Real>
void GridLane<Real>::multiply_sparse(const GridRows<Real>& rows, std::uint32_t step) {
  model_.kernels.multiply_sparse(rows.sparse(), turned_.data() + turned_at(step + rows.delay, rows.receptor),
                                 passed_.data(), items_);
  for (std::size_t b = 0; b < items_; ++b) {
    Real* const h = h_.data() + b * h_stride() + rows.first_source;
    for (std::size_t i = 0; i < rows.sources; ++i) h[i] += passed_[i * items_ + b];
  }
}

template <class Real>
void GridLane<Real>::step_back(const GridItem<Real>& item, std::size_t b, std::uint32_t step,
                               GridGradient<Real>& gradient) {
  const AdjointStep<Real> x{item.U(step),
                            h_.data() + b * h_stride(),
                            u_.data() + b * model_.padded(),
                            g_.data() + at(step + 1, 0, b),
                            g_.data() + at(step, 0, b),
                            items_ * model_.padded()};
  if (model_.options.constants) {
    ConstantColumns<Real>& to = gradient.sums;
    const ConstantSums<Real> sums{item.V_before(step), item.I_before(step), to.u.data(),   to.u_V.data(),
                                  to.threshold.data(), to.reset.data(),     to.u_I.data(), to.g_I.data()};
    model_.kernels.back_with_constants(model_.constants.neurons(), x, sums);
  } else {
    model_.kernels.back(model_.constants.neurons(), x);
  }
  add_first_spikes(item, b, step, gradient);
  add_weights(item, b, step, gradient);
}

/// What the loss adds to u*_t and v_t directly. In the step of a first spike s_t = m_t = 1.
template <class Real>
void GridLane<Real>::add_first_spikes(const GridItem<Real>& item, std::size_t b, std::uint32_t step,
                                      GridGradient<Real>& gradient) {
  if (model_.options.loss.kind != GridLoss::Kind::kFirstSpike) return;
  for (std::size_t k = 0; k < model_.classes; ++k) {
    const auto seed = item.first_spike_seed(k);
    const std::uint32_t i = model_.options.outputs[k];
    if (seed.step == 0 || (seed.step != step && seed.step != step + 1)) continue;
    const bool refractory = item.U(step)[i] < -1e30;
    const double v = seed.step == step ? 0 : seed.by_V;
    const double u = seed.step == step ? seed.by_U : (refractory ? 0 : seed.by_V);
    u_[b * model_.padded() + i] += static_cast<Real>(u);
    if (!model_.options.constants) continue;
    const GridNeurons<Real>& p = model_.constants.neurons();
    const Real before = item.V_before(step)[i];
    const double V = before >= p.threshold[i] || before < -1e30 ? p.reset[i] : before;
    gradient.sums.u[i] += static_cast<Real>(u);
    gradient.sums.u_V[i] += static_cast<Real>(u * V);
    for (std::size_t s = 0; s < model_.receptors(); ++s)
      gradient.sums.u_I[s * model_.padded() + i] +=
          static_cast<Real>(u * item.I_before(step)[s * model_.padded() + i]);
    if (seed.step == step) gradient.sums.threshold[i] -= static_cast<Real>(seed.by_threshold);
    if (refractory) gradient.sums.reset[i] += static_cast<Real>(v);
  }
}

template <class Real>
void GridLane<Real>::add_weights(const GridItem<Real>& item, std::size_t b, std::uint32_t step,
                                 GridGradient<Real>& gradient) const {
  for (std::size_t r = 0; r < model_.rows.size(); ++r) {
    const GridRows<Real>& rows = model_.rows[r];
    const StepLists& list = item.sources(rows);
    const std::int64_t sent = std::int64_t{step} - rows.delay;
    const auto who = list.who(sent);
    const Real* const g = g_.data() + at(step, rows.receptor, b);
    for (std::size_t n = 0; n < who.size(); ++n) {
      if (!rows.has(who[n])) continue;
      const std::size_t source = who[n] - rows.first_source;
      const auto times = static_cast<Real>(list.times(sent)[n]);
      if (rows.dense) {
        model_.kernels.add_row(gradient.rows[r].data() + source * rows.width, g, times, rows.width);
        continue;
      }
      for (std::size_t k = rows.begin[source]; k < rows.begin[source + 1]; ++k)
        gradient.rows[r][k] += times * g[rows.target[k]];
    }
  }
}

/// g_t to [neuron][item], for rows of few synapses.
template <class Real>
void GridLane<Real>::turn(std::uint32_t step) {
  if (turned_.empty()) return;
  for (std::size_t s = 0; s < model_.receptors(); ++s) {
    Real* const to = turned_.data() + turned_at(step, s);
    for (std::size_t b = 0; b < items_; ++b) {
      const Real* const from = g_.data() + at(step, s, b);
      for (std::size_t i = 0; i < model_.padded(); ++i) to[i * items_ + b] = from[i];
    }
  }
}

template struct GridGradient<float>;
template struct GridGradient<double>;
template class GridLane<float>;
template class GridLane<double>;

}  // namespace chronotope::models
