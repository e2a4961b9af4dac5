// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/learning/hidden_learning.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <tuple>
#include <utility>

#include "chronotope/core/error.hpp"

namespace chronotope::models {

HiddenLearning::HiddenLearning(std::vector<EscapeNeuron> neurons, const EscapeTrains& trains,
                               std::vector<bool> hidden, Time end, const HiddenPlan& plan)
    : neurons_(std::move(neurons)),
      hidden_(std::move(hidden)),
      end_(end),
      plan_(plan),
      outgoing_(trains.size()),
      neuron_of_(trains.size(), -1) {
  std::vector<bool> unseen(trains.size());
  for (std::uint32_t n = 0; n < neurons_.size(); ++n) {
    if (hidden_[n])
      unseen[neurons_[n].source] = true;
    else
      neuron_of_[neurons_[n].source] = n;
    for (std::uint32_t j = 0; j < neurons_[n].synapses.size(); ++j)
      outgoing_[neurons_[n].synapses[j].source].push_back({n, j});
  }
  for (std::uint32_t source = 0; source < trains.size(); ++source)
    if (!unseen[source])
      for (const Time t : trains[source])
        if (t < end) seen_.push_back({t, source});
  std::sort(seen_.begin(), seen_.end(), [](const Spike& a, const Spike& b) {
    return std::tie(a.time, a.source) < std::tie(b.time, b.source);
  });
}

void HiddenLearning::begin_epoch() {
  traces_.clear();
  states_.clear();
  arrivals_ = {};
  next_seen_ = 0;
  record_ = {};
  next_.assign(neurons_.size(), Time::never());
  for (std::uint32_t n = 0; n < neurons_.size(); ++n) {
    traces_.emplace_back(neurons_[n].parameters, neurons_[n].start, neurons_[n].receptors(), false);
    states_.push_back(neurons_[n].start);
    states_.back().draws = {plan_.seed, Purpose("likelihood.hidden"),
                            (std::uint64_t{epoch_} << 32) | neurons_[n].source};
    if (hidden_[n]) look_ahead(n, Time());
  }
}

HiddenEpoch HiddenLearning::run_epoch(const Checkpoint& checkpoint) {
  begin_epoch();
  const double rate = plan_.rate * std::pow(plan_.rate_decay, epoch_);
  Time begin;
  for (std::size_t window = 0; begin < end_; ++window) {
    const Time end = std::min(begin + plan_.window, end_);
    run_until(end, checkpoint);
    end_window(window, end, rate);
    begin = end;
  }
  ++epoch_;
  return record_;
}

/// At one instant: arrivals, spikes that were seen, hidden spikes.
void HiddenLearning::run_until(Time end, const Checkpoint& checkpoint) {
  while (true) {
    checkpoint();
    const auto hidden = std::min_element(next_.begin(), next_.end());
    const Time arrival = arrivals_.empty() ? Time::never() : arrivals_.top().time;
    const Time seen = next_seen_ < seen_.size() ? seen_[next_seen_].time : Time::never();
    const Time drawn = hidden == next_.end() ? Time::never() : *hidden;
    const Time now = std::min({arrival, seen, drawn});
    if (now >= end) return;
    if (arrival == now) {
      const Arrival next = arrivals_.top();
      arrivals_.pop();
      arrive(next);
    } else if (seen == now) {
      const Spike spike = seen_[next_seen_++];
      if (neuron_of_[spike.source] >= 0)
        traces_[static_cast<std::size_t>(neuron_of_[spike.source])].fire(spike.time);
      send(spike.source, spike.time);
    } else {
      fire_hidden(static_cast<std::uint32_t>(hidden - next_.begin()), now);
    }
  }
}

void HiddenLearning::arrive(const Arrival& arrival) {
  const std::uint32_t n = arrival.neuron;
  const double weight = neurons_[n].synapses[arrival.synapse].weight;
  traces_[n].arrive(arrival.time, arrival.synapse, weight);
  if (!hidden_[n]) return;
  EscapeNoiseLif::receive(neurons_[n].parameters, states_[n], arrival.time, weight);
  look_ahead(n, arrival.time);
}

void HiddenLearning::fire_hidden(std::uint32_t neuron, Time t) {
  traces_[neuron].fire(t);
  EscapeNoiseLif::fire(neurons_[neuron].parameters, states_[neuron], t);
  ++record_.hidden_spikes;
  send(neurons_[neuron].source, t);
  look_ahead(neuron, t);
}

void HiddenLearning::send(std::uint32_t source, Time t) {
  for (const Outgoing& out : outgoing_[source])
    arrivals_.push({t + neurons_[out.neuron].synapses[out.synapse].delay, out.neuron, out.synapse});
}

void HiddenLearning::look_ahead(std::uint32_t neuron, Time now) {
  const CrossingTime next = EscapeNoiseLif::crossing_bound(neurons_[neuron].parameters, states_[neuron], now);
  if (std::isnan(next.beyond))
    throw Failure("hidden neuron " + std::to_string(neuron) +
                  " fires beyond measure; a smaller rate of learning may help");
  next_[neuron] = next.at;
}

void HiddenLearning::end_window(std::size_t window, Time end, double rate) {
  std::vector<EscapeSums> sums;
  double seen = 0;
  for (std::uint32_t n = 0; n < neurons_.size(); ++n) {
    traces_[n].advance(end);
    sums.push_back(traces_[n].take());
    if (!hidden_[n]) seen += sums[n].log_likelihood();
  }
  record_.log_likelihood += seen;
  const bool is_first = window >= baseline_.size();
  if (is_first) baseline_.push_back(seen);
  for (std::uint32_t n = 0; n < neurons_.size(); ++n)
    learn(n, sums[n], rate * (hidden_[n] ? seen - baseline_[window] : 1));
  if (!is_first) baseline_[window] += (seen - baseline_[window]) / 5;
}

void HiddenLearning::learn(std::uint32_t neuron, const EscapeSums& sums, double factor) {
  EscapeNeuron& target = neurons_[neuron];
  const double unit = target.parameters.delta_u / target.parameters.membrane.resistance;
  for (std::size_t j = 0; j < target.synapses.size(); ++j)
    target.synapses[j].weight =
        target.allowed(j, target.synapses[j].weight + factor * unit * unit * sums.gradient[j]);
}

}  // namespace chronotope::models
