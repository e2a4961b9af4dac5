// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/learning/event_pass.hpp"

#include <algorithm>
#include <iterator>

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

EventPass::EventPass(const EventNetwork& network) {
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
  walks_.resize(neurons);
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
    walks_[n] = NeuronWalk(network, n, record.neurons[n]);
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
  std::copy_if(inbox.begin(), inbox.end(), std::back_inserter(due_), is_due);
  std::erase_if(inbox, is_due);
  if (!std::is_sorted(due_.begin(), due_.end())) std::sort(due_.begin(), due_.end());
  return due_;
}

/// The decays from each arrival to the next, all exponentials at once.
void EventPass::take_decays(std::uint32_t neuron, std::span<const Arrival> arrivals) {
  const std::size_t stride = walks_[neuron].decay_count();
  decays_.resize(arrivals.size() * stride);
  Offset last = walks_[neuron].now();
  for (std::size_t k = 0; k < arrivals.size(); ++k) {
    walks_[neuron].exponents((arrivals[k].time - last).ms(), &decays_[k * stride]);
    last = arrivals[k].time;
  }
  exp_all(decays_);
}

void EventPass::pass(const EventNetwork& network, std::uint32_t neuron, Offset until, bool included,
                     const double* decays, EventRecord& record) {
  NeuronWalk& walk = walks_[neuron];
  for (;;) {
    if (walk.is_refractory()) {
      if (walk.ready() > until || (walk.ready() == until && !included)) {
        idle_until_[neuron] = walk.ready();
        return;
      }
      walk.release();
      decays = nullptr;
    }
    const Offset horizon = included ? until : record.end;
    const Offset crossing = walk.crossing(horizon, decays);
    if (crossing > until || (crossing == until && !included)) {
      idle_until_[neuron] = crossing;
      return;
    }
    walk.fire(crossing, emit(network, network.channels + neuron, crossing, record));
    decays = nullptr;
  }
}

void EventPass::take_window(const EventNetwork& network, std::uint32_t neuron, Offset window_end,
                            EventRecord& record) {
  if (idle_until_[neuron] >= window_end && inbox_[neuron].empty()) return;
  const std::span<const Arrival> arrivals = due(neuron, window_end);
  if (idle_until_[neuron] >= window_end && arrivals.empty()) return;
  take_decays(neuron, arrivals);
  NeuronWalk& walk = walks_[neuron];
  Offset last = walk.now();
  for (std::size_t k = 0; k < arrivals.size(); ++k) {
    const Arrival& arrival = arrivals[k];
    const double* decays = &decays_[k * walk.decay_count()];
    pass(network, neuron, arrival.time, true, walk.now() == last ? decays : nullptr, record);
    walk.arrive(arrival.time, network.synapses[arrival.synapse], arrival.synapse, arrival.spike,
                walk.now() == last ? decays : nullptr);
    last = arrival.time;
  }
  pass(network, neuron, window_end, false, nullptr, record);
}

void EventPass::run(const EventNetwork& network, std::span<const InputSpike> inputs, Offset end,
                    EventRecord& record) {
  begin(network, inputs, end, record);
  const Offset length = window(network);
  for (Offset begin_of_window{}; begin_of_window < end;) {
    const Offset window_end = std::min(end, begin_of_window + length);
    for (const std::uint32_t neuron : order_) take_window(network, neuron, window_end, record);
    begin_of_window = window_end;
  }
  for (NeuronWalk& walk : walks_) walk.end(end);
}

void EventPass::replay(const EventNetwork& network, std::span<const InputSpike> inputs,
                       std::span<const KnownSpike> spikes, Offset end, EventRecord& record) {
  begin(network, inputs, end, record);
  std::vector<std::vector<std::uint32_t>> own(network.neurons.size());
  for (const KnownSpike& spike : spikes)
    own[spike.neuron].push_back(emit(network, network.channels + spike.neuron, spike.time, record));
  for (std::uint32_t n = 0; n < walks_.size(); ++n) {
    NeuronWalk& walk = walks_[n];
    std::size_t next = 0;
    const auto fire_until = [&](Offset t, bool included) {
      const auto is_due = [&](Offset time) { return time < t || (included && time == t); };
      for (;;) {
        if (walk.is_refractory()) {
          if (!is_due(walk.ready())) return;
          walk.release();
        }
        if (next == own[n].size() || record.spikes[own[n][next]].time >= t) return;
        walk.fire(record.spikes[own[n][next]].time, own[n][next]);
        ++next;
      }
    };
    for (const Arrival& arrival : due(n, end)) {
      fire_until(arrival.time, true);
      walk.arrive(arrival.time, network.synapses[arrival.synapse], arrival.synapse, arrival.spike, nullptr);
    }
    fire_until(end, false);
    walk.end(end);
  }
}

}  // namespace chronotope::models
