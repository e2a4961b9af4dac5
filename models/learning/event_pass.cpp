// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/learning/event_pass.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "chronotope/core/error.hpp"

namespace chronotope::models {
namespace {

/// The synapses of one source.
std::span<const EventSynapse> row(const EventNetwork& network, std::uint64_t source) {
  return {network.synapses.data() + network.row_begin[source],
          network.synapses.data() + network.row_begin[source + 1]};
}

/// Adds to `order` the neurons that no neuron outside it projects to, again and again (Kahn 1962): each comes
/// after all its sources. `taken` tells which are in it.
void add_sources_first(const EventNetwork& network, std::vector<std::uint32_t>& order,
                       std::vector<bool>& taken) {
  std::vector<std::uint32_t> in_degree(network.neurons.size());
  for (std::uint64_t source = network.channels; source < network.source_count(); ++source)
    for (const EventSynapse& synapse : row(network, source)) ++in_degree[synapse.target];
  const auto add = [&](std::uint32_t n) {
    order.push_back(n);
    taken[n] = true;
  };
  for (std::uint32_t n = 0; n < in_degree.size(); ++n)
    if (in_degree[n] == 0) add(n);
  for (std::size_t k = 0; k < order.size(); ++k)
    for (const EventSynapse& synapse : row(network, network.channels + order[k]))
      if (--in_degree[synapse.target] == 0) add(synapse.target);
}

/// The neurons left that project to none that is left, again and again, in the order of their taking: each
/// comes before all its sources.
std::vector<std::uint32_t> targets_first(const EventNetwork& network, std::vector<bool>& taken) {
  std::vector<std::uint32_t> order;
  for (std::size_t before = 1; before != 0;) {
    before = order.size();
    for (std::uint32_t n = 0; n < taken.size(); ++n) {
      const auto targets = row(network, network.channels + n);
      if (taken[n] || !std::all_of(targets.begin(), targets.end(),
                                   [&](const EventSynapse& synapse) { return taken[synapse.target]; }))
        continue;
      taken[n] = true;
      order.push_back(n);
    }
    before = order.size() - before;
  }
  return order;
}

}  // namespace

template <class Work>
void EventPass::with_walk(std::uint32_t neuron, Work work) {
  switch (receptors_[neuron]) {
    case 1:
      return work(with_one_[place_[neuron]]);
    case 2:
      return work(with_two_[place_[neuron]]);
    default:
      return work(with_more_[place_[neuron]]);
  }
}

EventPass::EventPass(const EventNetwork& network, Checkpoint checkpoint)
    : checkpoint_(std::move(checkpoint)) {
  const std::size_t neurons = network.neurons.size();
  std::vector<bool> taken(neurons);
  add_sources_first(network, order_, taken);
  const std::vector<std::uint32_t> last = targets_first(network, taken);
  in_loop_.resize(neurons);
  for (std::uint32_t n = 0; n < neurons; ++n) {
    if (taken[n]) continue;
    in_loop_[n] = true;
    order_.push_back(n);
  }
  order_.insert(order_.end(), last.rbegin(), last.rend());
  if (window(network) <= Offset{})
    throw InputError("a loop of neurons can not be run with a delay of 0 in it");
  const auto add_to = [this](auto& walks) {
    place_.push_back(static_cast<std::uint32_t>(walks.size()));
    walks.emplace_back();
  };
  for (std::uint32_t n = 0; n < neurons; ++n) {
    receptors_.push_back(network.receptors(n));
    receptors_[n] == 1 ? add_to(with_one_) : receptors_[n] == 2 ? add_to(with_two_) : add_to(with_more_);
  }
  inbox_.resize(neurons);
  idle_until_.resize(neurons);
}

/// The shortest delay between neurons that are in loops; never without loops.
Offset EventPass::window(const EventNetwork& network) const {
  Offset least = kNeverOffset;
  for (std::uint32_t n = 0; n < in_loop_.size(); ++n) {
    if (!in_loop_[n]) continue;
    for (const EventSynapse& synapse : row(network, network.channels + n))
      if (in_loop_[synapse.target]) least = std::min(least, synapse.delay);
  }
  return least;
}

void EventPass::begin(const EventNetwork& network, std::span<const InputSpike> inputs, Offset end,
                      EventRecord& record) {
  record.end = end;
  record.inputs = static_cast<std::uint32_t>(inputs.size());
  record.spikes.clear();
  record.neurons.resize(network.neurons.size());
  for (std::uint32_t n = 0; n < network.neurons.size(); ++n) {
    with_walk(n, [&](auto& walk) { walk = {network, n, record.neurons[n]}; });
    inbox_[n].clear();
    idle_until_[n] = Offset{};
  }
  for (const InputSpike& spike : inputs) emit(network, spike.channel, spike.time, record);
}

std::uint32_t EventPass::emit(const EventNetwork& network, std::uint32_t source, Offset time,
                              EventRecord& record) {
  const auto number = static_cast<std::uint32_t>(record.spikes.size());
  record.spikes.push_back({time, source});
  for (std::uint64_t k = network.row_begin[source]; k < network.row_begin[source + 1]; ++k) {
    const EventSynapse& synapse = network.synapses[k];
    const Offset at = time + synapse.delay;
    if (at < record.end) inbox_[synapse.target].push_back({at, k, number});
  }
  return number;
}

/// Takes from the inbox what arrives before the window's end, in order.
std::span<const EventPass::Arrival> EventPass::due(std::uint32_t neuron, Offset window_end) {
  std::vector<Arrival>& inbox = inbox_[neuron];
  const auto is_due = [&](const Arrival& arrival) { return arrival.time < window_end; };
  due_.clear();
  if (std::all_of(inbox.begin(), inbox.end(), is_due)) {
    due_.swap(inbox);
  } else {
    std::copy_if(inbox.begin(), inbox.end(), std::back_inserter(due_), is_due);
    std::erase_if(inbox, is_due);
  }
  if (!std::is_sorted(due_.begin(), due_.end())) std::sort(due_.begin(), due_.end());
  return due_;
}

template <std::size_t Receptors>
const double* EventPass::Intervals::between(const NeuronWalk<Receptors>& walk,
                                            std::span<const Arrival> arrivals, Offset end) {
  if (are_of(walk, arrivals, end)) return rows_.data();
  take_key(walk, arrivals, end);
  const std::uint32_t receptors = walk.receptors();
  decays_.clear();
  for (const double h : lengths_) {
    decays_.push_back(-h * walk.rate_m());
    for (std::uint32_t s = 0; s < receptors; ++s) decays_.push_back(-h * walk.rate(s));
  }
  exp_all(decays_);
  rows_.clear();
  const double* decays = decays_.data();
  for (const double h : lengths_) {
    rows_.insert(rows_.end(), decays, decays + 1 + receptors);
    for (std::uint32_t s = 0; s < receptors; ++s)
      rows_.push_back(SynapticPropagator::response(h, walk.rate_difference(s), decays[0], decays[s + 1]));
    decays += 1 + receptors;
  }
  return rows_.data();
}

template <std::size_t Receptors>
bool EventPass::Intervals::are_of(const NeuronWalk<Receptors>& walk, std::span<const Arrival> arrivals,
                                  Offset end) const {
  if (lengths_.size() != arrivals.size() + 1 || rates_.size() != 2 * std::size_t{walk.receptors()} + 1 ||
      rates_[0] != walk.rate_m())
    return false;
  for (std::uint32_t s = 0; s < walk.receptors(); ++s)
    if (rates_[2 * s + 1] != walk.rate(s) || rates_[2 * s + 2] != walk.rate_difference(s)) return false;
  Offset last = walk.now();
  for (std::size_t k = 0; k < arrivals.size(); ++k) {
    if (lengths_[k] != (arrivals[k].time - last).ms()) return false;
    last = arrivals[k].time;
  }
  return lengths_.back() == (end - last).ms();
}

template <std::size_t Receptors>
void EventPass::Intervals::take_key(const NeuronWalk<Receptors>& walk, std::span<const Arrival> arrivals,
                                    Offset end) {
  rates_.assign(1, walk.rate_m());
  for (std::uint32_t s = 0; s < walk.receptors(); ++s) {
    rates_.push_back(walk.rate(s));
    rates_.push_back(walk.rate_difference(s));
  }
  lengths_.clear();
  Offset last = walk.now();
  for (const Arrival& arrival : arrivals) {
    lengths_.push_back((arrival.time - last).ms());
    last = arrival.time;
  }
  lengths_.push_back((end - last).ms());
}

template <std::size_t Receptors>
void EventPass::pass(const EventNetwork& network, std::uint32_t neuron, NeuronWalk<Receptors>& walk,
                     Offset until, bool included, const double* interval, EventRecord& record) {
  for (;;) {
    if (walk.is_refractory()) {
      if (walk.ready() > until || (walk.ready() == until && !included)) {
        idle_until_[neuron] = walk.ready();
        return;
      }
      walk.release();
      interval = nullptr;
    }
    const Offset horizon = included ? until : record.end;
    const Offset crossing = walk.crossing(horizon, interval);
    if (crossing > until || (crossing == until && !included)) {
      idle_until_[neuron] = crossing;
      return;
    }
    checkpoint_();
    walk.fire(crossing, emit(network, network.channels + neuron, crossing, record));
    interval = nullptr;
  }
}

template <std::size_t Receptors>
void EventPass::take_arrivals(const EventNetwork& network, std::uint32_t neuron, NeuronWalk<Receptors>& walk,
                              std::span<const Arrival> arrivals, Offset window_end, EventRecord& record) {
  const double* interval = intervals_.between(walk, arrivals, record.end);
  Offset last = walk.now();
  // An interval in which the neuron fired or was released is another one.
  const auto whole = [&] { return walk.now() == last ? interval : nullptr; };
  for (const Arrival& arrival : arrivals) {
    pass(network, neuron, walk, arrival.time, true, whole(), record);
    walk.arrive(arrival.time, network.synapses[arrival.synapse], arrival.synapse, arrival.spike, whole());
    last = arrival.time;
    interval += 1 + 2 * walk.receptors();
  }
  pass(network, neuron, walk, window_end, false, whole(), record);
}

void EventPass::take_window(const EventNetwork& network, std::uint32_t neuron, Offset window_end,
                            EventRecord& record) {
  if (idle_until_[neuron] >= window_end && inbox_[neuron].empty()) return;
  const std::span<const Arrival> arrivals = due(neuron, window_end);
  if (idle_until_[neuron] >= window_end && arrivals.empty()) return;
  checkpoint_();
  with_walk(neuron, [&](auto& walk) { take_arrivals(network, neuron, walk, arrivals, window_end, record); });
}

void EventPass::run(const EventNetwork& network, std::span<const InputSpike> inputs, Offset end,
                    EventRecord& record) {
  begin(network, inputs, end, record);
  const Offset length = window(network);
  for (Offset begin_of_window{}; begin_of_window < end;) {
    checkpoint_();
    const Offset window_end = std::min(end, begin_of_window + length);
    for (const std::uint32_t neuron : order_) take_window(network, neuron, window_end, record);
    begin_of_window = window_end;
  }
  for (std::uint32_t n = 0; n < receptors_.size(); ++n) with_walk(n, [&](auto& walk) { walk.end(end); });
}

template <std::size_t Receptors>
void EventPass::replay(const EventNetwork& network, std::uint32_t neuron, NeuronWalk<Receptors> walk,
                       std::span<const std::uint32_t> own, EventRecord& record) {
  std::size_t next = 0;
  const auto fire_until = [&](Offset t, bool included) {
    const auto is_due = [&](Offset time) { return time < t || (included && time == t); };
    for (;;) {
      if (walk.is_refractory()) {
        if (!is_due(walk.ready())) return;
        walk.release();
      }
      if (next == own.size() || record.spikes[own[next]].time >= t) return;
      walk.fire(record.spikes[own[next]].time, own[next]);
      ++next;
    }
  };
  for (const Arrival& arrival : due(neuron, record.end)) {
    fire_until(arrival.time, true);
    walk.arrive(arrival.time, network.synapses[arrival.synapse], arrival.synapse, arrival.spike, nullptr);
  }
  fire_until(record.end, false);
  walk.end(record.end);
}

void EventPass::replay(const EventNetwork& network, std::span<const InputSpike> inputs,
                       std::span<const KnownSpike> spikes, Offset end, EventRecord& record) {
  begin(network, inputs, end, record);
  std::vector<std::vector<std::uint32_t>> own(network.neurons.size());
  for (const KnownSpike& spike : spikes)
    own[spike.neuron].push_back(emit(network, network.channels + spike.neuron, spike.time, record));
  for (std::uint32_t n = 0; n < own.size(); ++n) {
    checkpoint_();
    with_walk(n, [&](auto& walk) { replay(network, n, walk, own[n], record); });
  }
}

}  // namespace chronotope::models
