// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/learning/grid_item.hpp"

#include <algorithm>

#include "chronotope/core/error.hpp"
#include "chronotope/core/exponential.hpp"

namespace chronotope::models {

template <class Real>
GridItem<Real>::GridItem(const GridModel<Real>& model)
    : model_(model),
      dt_(model.options.dt.ms()),
      fired_(model.padded()),
      counts_(model.neurons),
      start_(model.padded()),
      V_(model.padded()),
      I_(model.padded() * model.receptors()),
      wait_(model.padded()),
      by_count_(model.padded()),
      leaky_(model.options.read_out, dt_, model.options.loss.kind, model.classes),
      first_(model.classes),
      discounted_(model.classes),
      by_error_(model.classes),
      logits_(model.classes),
      by_logit_(model.classes) {}

template <class Real>
void GridItem<Real>::run(const Item& item, bool keep, const Checkpoint& checkpoint) {
  steps_ = grid_steps(item, model_.options.dt);
  if (steps_ == 0) throw InputError("an item of 0 ms has no step on the grid of " + to_string(dt_) + " ms");
  label_ = item.label;
  resize(keep);
  inputs_.assign(item, model_.options.dt, steps_);
  target_.assign(item.target, model_.options.dt, steps_);
  spikes_.clear();
  leaky_.begin();
  std::fill(first_.begin(), first_.end(), FirstSpike());
  for (std::uint32_t t = 1; t <= steps_; ++t) {
    checkpoint();
    integrate(t);
    receive(t);
    read_out(t);
  }
  if (model_.options.loss.is_leaky()) {
    const auto logits = leaky_.logits();
    std::copy(logits.begin(), logits.end(), logits_.begin());
  } else {
    for (std::size_t k = 0; k < logits_.size(); ++k) logits_[k] = output_logit(k);
  }
}

template <class Real>
void GridItem<Real>::resize(bool keep) {
  keep_ = keep;
  start_ = model_.constants.start();
  V_ = start_;
  for (auto* column : {&I_, &wait_}) std::fill(column->begin(), column->end(), Real{0});
  for (auto* column : {&counts_}) std::fill(column->begin(), column->end(), 0U);
  std::fill(discounted_.begin(), discounted_.end(), 0);
  const std::size_t rows = keep ? steps_ : 2;
  if (U_.size() < rows * model_.padded()) U_.resize(rows * model_.padded());
  matched_loss_ = 0;
  if (model_.options.loss.kind == GridLoss::Kind::kVanRossum) error_.assign(rows * model_.classes, 0);
  const std::size_t kept = keep && model_.options.constants ? steps_ * I_.size() : 0;
  if (I_kept_.size() < kept) I_kept_.resize(kept);
}

template <class Real>
void GridItem<Real>::integrate(std::uint32_t step) {
  if (keep_ && model_.options.constants)
    std::copy(I_.begin(), I_.end(), I_kept_.begin() + static_cast<std::ptrdiff_t>((step - 1) * I_.size()));
  const std::size_t count =
      model_.kernels.integrate(model_.constants.neurons(), V_.data(), I_.data(), wait_.data(),
                               U_.data() + row(step) * model_.padded(), fired_.data());
  for (std::size_t k = 0; k < count; ++k) {
    spikes_.add(fired_[k]);
    ++counts_[fired_[k]];
  }
  spikes_.end_step();
}

template <class Real>
void GridItem<Real>::receive(std::uint32_t step) {
  const std::size_t padded = model_.padded();
  for (const GridRows<Real>& rows : model_.rows) {
    const StepLists& list = sources(rows);
    const std::int64_t sent = std::int64_t{step} - rows.delay;
    const auto who = list.who(sent);
    for (std::size_t k = 0; k < who.size(); ++k) {
      if (!rows.has(who[k])) continue;
      const std::size_t source = who[k] - rows.first_source;
      const auto times = static_cast<Real>(list.times(sent)[k]);
      if (rows.dense)
        model_.kernels.add_row(I_.data() + rows.receptor * padded, rows.weight.data() + source * rows.width,
                               times, padded);
      else
        receive_sparse(rows, source, times);
    }
  }
}

template <class Real>
void GridItem<Real>::receive_sparse(const GridRows<Real>& rows, std::size_t source, Real times) {
  Real* const I = I_.data() + rows.receptor * model_.padded();
  for (std::size_t k = rows.begin[source]; k < rows.begin[source + 1]; ++k)
    I[rows.target[k]] += times * rows.weight[k];
}

template <class Real>
void GridItem<Real>::read_out(std::uint32_t step) {
  const auto who = spikes_.who(step);
  if (model_.options.loss.is_leaky()) {
    for (const std::uint32_t i : who) leaky_.receive(model_.read_out.data() + i * model_.classes);
    leaky_.step();
  } else if (model_.options.loss.kind == GridLoss::Kind::kVanRossum) {
    note_errors(step);
  } else if (!who.empty()) {
    note_first_spikes(step);
    for (std::size_t k = 0; k < discounted_.size(); ++k)
      if (std::binary_search(who.begin(), who.end(), model_.options.outputs[k]))
        discounted_[k] += discount(step);
  }
}

template <class Real>
void GridItem<Real>::note_first_spikes(std::uint32_t step) {
  const auto who = spikes_.who(step);
  for (std::size_t k = 0; k < first_.size(); ++k) {
    const std::uint32_t i = model_.options.outputs[k];
    if (first_[k].step != 0 || !std::binary_search(who.begin(), who.end(), i)) continue;
    const GridNeurons<Real>& p = model_.constants.neurons();
    const Real before = V_before(step)[i];
    const double threshold = p.threshold[i];
    const double V = before >= threshold || before < -1e30 ? p.reset[i] : before;
    const double rise = U(step)[i] - V;
    first_[k] = {step, (threshold - V) / rise, rise};
  }
}

/// e_t of every matched train.
template <class Real>
void GridItem<Real>::note_errors(std::uint32_t step) {
  const auto who = spikes_.who(step), wanted = target_.who(step);
  const double keep = exp(-dt_ / model_.options.loss.tau_l);
  double squares = 0;
  for (std::size_t k = 0; k < model_.classes; ++k) {
    const std::uint32_t i = model_.options.outputs[k];
    double e = step == 1 ? 0 : keep * error_[row(step - 1) * model_.classes + k];
    if (std::binary_search(who.begin(), who.end(), i)) e += 1;
    const auto at = std::find(wanted.begin(), wanted.end(), i);
    if (at != wanted.end()) e -= target_.times(step)[static_cast<std::size_t>(at - wanted.begin())];
    error_[row(step) * model_.classes + k] = e;
    squares += e * e;
  }
  matched_loss_ += squares * dt_ / model_.options.loss.tau_l / (2.0 * model_.classes);
}

template <class Real>
double GridItem<Real>::discount(std::uint32_t step) const {
  return exp(step * -dt_ / model_.options.loss.tau_l);
}

template <class Real>
double GridItem<Real>::output_logit(std::size_t output) const {
  const GridLoss& loss = model_.options.loss;
  const FirstSpike& first = first_[output];
  switch (loss.kind) {
    case GridLoss::Kind::kCount:
      return loss.scale * counts_[model_.options.outputs[output]];
    case GridLoss::Kind::kDiscountedCount:
      return loss.scale * discounted_[output];
    case GridLoss::Kind::kVanRossum:
      return 0;
    default:
      return -(first.step == 0 ? steps_ : first.step - 1 + first.theta) * dt_ / loss.tau_l;
  }
}

template <class Real>
double GridItem<Real>::loss(double share) {
  share_ = share;
  if (model_.options.loss.kind == GridLoss::Kind::kVanRossum) return matched_loss_ * share;
  const double value = cross_entropy(logits_, label_, by_logit_);
  for (double& g : by_logit_) g *= share;
  return value * share;
}

template <class Real>
double GridItem<Real>::regularise(double share) {
  const CountRegulariser& regulariser = model_.options.regulariser;
  double sum = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    sum += regulariser.loss(counts_[i]);
    by_count_[i] = static_cast<Real>(regulariser.derivative(counts_[i]) * share / model_.neurons);
  }
  return sum * share / model_.neurons;
}

template <class Real>
void GridItem<Real>::begin_back() {
  if (model_.options.loss.is_leaky()) leaky_.begin_back(by_logit_);
  std::fill(by_error_.begin(), by_error_.end(), 0);
}

template <class Real>
std::span<const double> GridItem<Real>::by_spike(std::uint32_t step, Real* h) {
  std::copy(by_count_.begin(), by_count_.end(), h);
  const GridLoss& loss = model_.options.loss;
  if (loss.is_leaky()) {
    const auto o = leaky_.step_back();
    for (std::size_t k = 0; k < o.size(); ++k)
      model_.kernels.add_row(h, model_.read_out_by_class.data() + k * model_.padded(),
                             static_cast<Real>(o[k]), model_.padded());
    return o;
  }
  if (loss.kind == GridLoss::Kind::kFirstSpike) return {};
  if (loss.kind == GridLoss::Kind::kVanRossum) {
    const double keep = exp(-dt_ / loss.tau_l), factor = share_ * dt_ / loss.tau_l / model_.classes;
    for (std::size_t k = 0; k < by_error_.size(); ++k) {
      by_error_[k] = keep * by_error_[k] + error_[row(step) * model_.classes + k];
      h[model_.options.outputs[k]] += static_cast<Real>(factor * by_error_[k]);
    }
    return {};
  }
  const double factor = loss.scale * (loss.kind == GridLoss::Kind::kDiscountedCount ? discount(step) : 1);
  for (std::size_t k = 0; k < by_logit_.size(); ++k)
    h[model_.options.outputs[k]] += static_cast<Real>(factor * by_logit_[k]);
  return {};
}

template <class Real>
auto GridItem<Real>::first_spike_seed(std::size_t output) const -> FirstSpikeSeed {
  const FirstSpike& first = first_[output];
  if (model_.options.loss.kind != GridLoss::Kind::kFirstSpike || first.step == 0) return {};
  const double G = -by_logit_[output] / model_.options.loss.tau_l * dt_ / first.rise;
  return {first.step, -G * first.theta, -G * (1 - first.theta), G};
}

template class GridItem<float>;
template class GridItem<double>;

}  // namespace chronotope::models
