// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/learning/surrogate_gradient.hpp"

#include <algorithm>
#include <deque>
#include <exception>
#include <utility>

#include "chronotope/models/learning/grid_item.hpp"
#include "chronotope/models/learning/grid_lane.hpp"
#include "chronotope/models/learning/grid_model.hpp"

namespace chronotope::models {

/// The passes over one batch. Items go in groups of kItemGroup; a worker takes a run of groups. What is
/// summed over items is summed group by group, so that it does not depend on the number of workers.
template <class Real>
class SurrogateGradient<Real>::Pass {
 public:
  Pass(const TrainedNetwork& start, const SurrogateOptions& options, Workers workers)
      : model_(start, options), workers_(std::move(workers)) {
    for (unsigned k = 0; k < workers_.size; ++k) lanes_.emplace_back(model_);
  }

  BatchResult run(const TrainedNetwork& network, std::span<const Item* const> batch, bool back) {
    resize(batch.size());
    model_.refresh(network);
    workers_.run([&](unsigned member) {
      const auto [first, last] = groups_of(member, batch.size());
      for (std::size_t b = first * kItemGroup; b < std::min(last * kItemGroup, batch.size()); ++b)
        run_item(*batch[b], b, back);
      if (back && first < last) run_back(lanes_[member], first, last, batch.size());
    });
    return result(batch.size());
  }

  void gather(const TrainedNetwork& network, std::size_t items, NetworkParameters& gradient) {
    const std::size_t groups = groups_in(items);
    workers_.run([&](unsigned member) {
      for (std::size_t r = 0; r < model_.rows.size(); ++r) gather_weights(r, member, groups, gradient.weight);
    });
    std::fill(gradient.W_o.begin(), gradient.W_o.end(), 0);
    for (std::size_t g = 0; g < groups; ++g)
      for (std::size_t i = 0; i < model_.read_out.size(); ++i)
        gradient.W_o[i % model_.classes * model_.neurons + i / model_.classes] += gradients_[g].read_out[i];
    if (!model_.options.constants) return;
    for (std::size_t g = 1; g < groups; ++g) gradients_[0].sums += gradients_[g].sums;
    model_.constants.differentiate(network.parameters, gradients_[0].sums, gradient);
  }

  const std::vector<double>& logits() const { return logits_; }
  const GridItem<Real>& item(std::size_t b) const { return items_[b]; }

 private:
  static std::size_t groups_in(std::size_t items) { return (items + kItemGroup - 1) / kItemGroup; }
  std::pair<std::size_t, std::size_t> groups_of(unsigned member, std::size_t items) const {
    const std::size_t groups = groups_in(items);
    return {groups * member / workers_.size, groups * (member + 1) / workers_.size};
  }

  void resize(std::size_t items) {
    while (items_.size() < items) items_.emplace_back(model_);
    while (gradients_.size() < groups_in(items)) gradients_.emplace_back(model_);
    losses_.resize(items);
    predictions_.resize(items);
    logits_.resize(items * model_.classes);
    counts_.resize(items * model_.neurons);
  }

  void run_item(const Item& item, std::size_t b, bool back) {
    GridItem<Real>& run = items_[b];
    run.run(item, back, workers_.checkpoint);
    const double share = 1.0 / static_cast<double>(losses_.size());
    losses_[b] = run.loss(share) + (model_.options.regulariser.acts() ? run.regularise(share) : 0);
    predictions_[b] = run.prediction();
    std::copy(run.logits().begin(), run.logits().end(),
              logits_.begin() + static_cast<std::ptrdiff_t>(b * model_.classes));
    std::copy(run.counts().begin(), run.counts().end(),
              counts_.begin() + static_cast<std::ptrdiff_t>(b * model_.neurons));
  }

  void run_back(GridLane<Real>& lane, std::size_t first, std::size_t last, std::size_t items) {
    std::vector<GridItem<Real>*> part;
    for (std::size_t b = first * kItemGroup; b < std::min(last * kItemGroup, items); ++b)
      part.push_back(&items_[b]);
    lane.run_back(part, std::span(gradients_).subspan(first, last - first), workers_.checkpoint);
  }

  void gather_weights(std::size_t r, unsigned member, std::size_t groups, std::vector<double>& weight) const {
    const GridRows<Real>& rows = model_.rows[r];
    const std::size_t count = rows.synapse.size();
    const std::size_t last = count * (member + 1) / workers_.size;
    for (std::size_t k = count * member / workers_.size; k < last; ++k) {
      double sum = 0;
      for (std::size_t g = 0; g < groups; ++g) sum += gradients_[g].rows[r][rows.place[k]];
      weight[rows.synapse[k]] = sum;
    }
  }

  BatchResult result(std::size_t items) const {
    BatchResult result;
    for (const double loss : losses_) result.loss += loss;
    result.prediction = predictions_;
    result.spikes = counts_;
    result.counters.items = items;
    for (const std::uint32_t count : counts_) result.counters.spikes += count;
    return result;
  }

  GridModel<Real> model_;
  Workers workers_;
  std::deque<GridLane<Real>> lanes_;
  std::deque<GridItem<Real>> items_;
  std::vector<GridGradient<Real>> gradients_;  // by group
  std::vector<double> losses_;
  std::vector<std::uint32_t> predictions_;
  std::vector<double> logits_;
  std::vector<std::uint32_t> counts_;
};

template <class Real>
SurrogateGradient<Real>::SurrogateGradient(const TrainedNetwork& start, SurrogateOptions options,
                                           Workers workers)
    : pass_(std::make_unique<Pass>(start, std::move(options), std::move(workers))) {}

template <class Real>
SurrogateGradient<Real>::~SurrogateGradient() = default;

template <class Real>
BatchResult SurrogateGradient<Real>::learn(const TrainedNetwork& network, std::span<const Item* const> batch,
                                           NetworkParameters& gradient) {
  const BatchResult result = pass_->run(network, batch, true);
  pass_->gather(network, batch.size(), gradient);
  return result;
}

template <class Real>
BatchResult SurrogateGradient<Real>::evaluate(const TrainedNetwork& network,
                                              std::span<const Item* const> batch) {
  return pass_->run(network, batch, false);
}

template <class Real>
std::span<const double> SurrogateGradient<Real>::logits() const {
  return pass_->logits();
}

template <class Real>
std::vector<std::pair<std::uint32_t, std::uint32_t>> SurrogateGradient<Real>::spikes(std::size_t item) const {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> all;
  const StepLists& lists = pass_->item(item).spikes();
  for (std::uint32_t t = 1; t <= lists.steps(); ++t)
    for (const std::uint32_t neuron : lists.who(t)) all.emplace_back(t, neuron);
  return all;
}

template class SurrogateGradient<float>;
template class SurrogateGradient<double>;

}  // namespace chronotope::models
