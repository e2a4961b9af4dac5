// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <utility>
#include <variant>
#include <vector>

#include "chronotope/core/network.hpp"
#include "chronotope/events/event_queue.hpp"
#include "chronotope/events/exactness.hpp"
#include "chronotope/events/stimuli/stimulus.hpp"

namespace chronotope::events {

/// Called for every spike of a neuron, in time order; at one instant by (population, neuron).
using SpikeObserver = std::function<void(std::uint32_t population, NeuronId neuron, Time time)>;

/// The event-driven engine: from instant to instant, without a time step. At one instant first all arrivals
/// (summed in a fixed order), then the threshold tests, then the spikes.
///
/// Invariants:
/// 1. A spike in flight holds one queue entry per projection, which re-enters for each distinct delay of its
/// row.
/// 2. A neuron has at most one live wake-up, `wake_up[n]`; a popped one of another time was superseded.
/// 3. The live wake-up is not later than the neuron's next threshold crossing.
/// Cost: O(log(spikes in flight + neurons)) per delivery or wake-up, O(1) per synaptic event, nothing for
/// silence.
template <class Network>
class Engine;

template <class... Neurons, class... Rules>
class Engine<Network<TypeList<Neurons...>, TypeList<Rules...>>> {
 public:
  using NetworkType = Network<TypeList<Neurons...>, TypeList<Rules...>>;

  /// Inputs are numbered after the populations. A neuron that starts at or above threshold fires at time 0.
  Engine(NetworkType network, std::vector<Stimulus> inputs, SpikeObserver on_spike)
      : network_(std::move(network)), inputs_(std::move(inputs)), on_spike_(std::move(on_spike)) {
    index_projections();
    prepare_populations();
    schedule_inputs();
  }

  /// Processes every event before `end`. Calling it in pieces changes no bit.
  void run_until(Time end) {
    while (queue_.next_time() < end) advance(queue_.next_time());
    now_ = end;
  }

  Time now() const { return now_; }
  const NetworkType& network() const { return network_; }
  const EventCounts& counts() const { return counts_; }
  const Exactness& exactness() const { return exactness_; }

  /// Accounts for every spike so far at every plastic synapse, so that weights can be read. Changes no later
  /// bit.
  void settle_weights() {
    for (std::uint32_t p = 0; p < network_.populations.size(); ++p) settle_into(p);
  }

  /// V of all neurons of a population, now [mV].
  std::vector<double> potentials(std::uint32_t population) const {
    return std::visit(
        [&]<class Neuron>(const NeuronGroup<Neuron>& group) {
          std::vector<double> V;
          for (std::uint32_t i = 0; i < group.states.size(); ++i)
            V.push_back(Neuron::potential(group.parameters[NeuronId{i}], group.states[i], now_));
          return V;
        },
        network_.populations[population]);
  }

 private:
  /// What the engine keeps for a population beside the model's state.
  struct Watch {
    std::vector<Time> wake_up;
    std::vector<std::uint8_t> touched;  // per neuron: what happened at this instant
    std::vector<NeuronId> to_test;      // those neurons
    std::vector<NeuronId> firing;
    std::vector<std::uint32_t> outgoing;  // projections
    std::vector<std::uint32_t> incoming_plastic;
    std::uint64_t unsettled = 0;  // spikes since all synapses were settled
    std::uint64_t unsettled_limit = 0;
  };
  static constexpr std::uint8_t kWoken = 1;
  static constexpr std::uint8_t kArrival = 2;

  /// One instant.
  void advance(Time now) {
    now_ = now;
    while (queue_.next_time() == now) take(queue_.pop());
    for (std::uint32_t p = 0; p < network_.populations.size(); ++p) test_touched(p);
    for (std::uint32_t p = 0; p < network_.populations.size(); ++p) fire_all(p);
  }

  void take(const Event& event) {
    switch (event.kind) {
      case EventKind::kEmission:
        emit(event);
        break;
      case EventKind::kDelivery:
        deliver(event);
        break;
      case EventKind::kWakeUp:
        wake(event);
        break;
    }
  }

  void emit(const Event& event) {
    ++counts_.emissions;
    const auto population = static_cast<std::uint32_t>(network_.populations.size()) + event.group;
    send_all(population, pending_[event.group][event.item], event.time);
    schedule_line(event.group, static_cast<std::uint32_t>(event.item));
  }

  void deliver(const Event& event) {
    ++counts_.deliveries;
    std::visit(
        [&](auto& projection) {
          const SegmentId g{event.item};
          std::visit([&](auto& group) { sweep(projection, group, g, event); },
                     network_.populations[projection.target]);
          const SegmentId next{event.item + 1};
          if (next < projection.connectivity.last_segment(projection.connectivity.source(g)))
            send(event.group, projection.connectivity, next, event.emitted);
        },
        network_.projections[event.group]);
  }

  /// All arrivals of one segment.
  template <class Rule, class Neuron>
  void sweep(SynapseGroup<Rule>& projection, NeuronGroup<Neuron>& group, SegmentId g, const Event& event) {
    Watch& watch = watch_[projection.target];
    const auto row = projection.rule.row(projection.connectivity.source(g), event.emitted,
                                         projection.connectivity.delay(g));
    for (const SynapseId s : projection.connectivity.synapses(g)) {
      const NeuronId n = projection.connectivity.target(s);
      Neuron::receive(group.parameters[n], group.states[index(n)], event.time,
                      projection.rule.arrive(s, n, row));
      touch(watch, n, kArrival);
      ++counts_.synaptic_events;
    }
  }

  void wake(const Event& event) {
    Watch& watch = watch_[event.group];
    if (watch.wake_up[event.item] != event.time) {
      ++counts_.superseded;
      return;
    }
    ++counts_.wake_ups;
    watch.wake_up[event.item] = Time::never();
    touch(watch, NeuronId{static_cast<std::uint32_t>(event.item)}, kWoken);
  }

  static void touch(Watch& watch, NeuronId n, std::uint8_t how) {
    if (watch.touched[index(n)] == 0) watch.to_test.push_back(n);
    watch.touched[index(n)] |= how;
  }

  void test_touched(std::uint32_t p) {
    Watch& watch = watch_[p];
    std::sort(watch.to_test.begin(), watch.to_test.end());
    std::visit(
        [&](auto& group) {
          for (const NeuronId n : watch.to_test) {
            test(p, group, n);
            watch.touched[index(n)] = 0;
          }
        },
        network_.populations[p]);
    watch.to_test.clear();
  }

  template <class Neuron>
  void test(std::uint32_t p, const NeuronGroup<Neuron>& group, NeuronId n) {
    Watch& watch = watch_[p];
    const auto& parameters = group.parameters[n];
    const Time bound = Neuron::crossing_bound(parameters, group.states[index(n)], now_);
    ++exactness_.bounds_evaluated;
    if (bound == now_) {
      watch.firing.push_back(n);
      const bool smooth =
          (watch.touched[index(n)] & kArrival) == 0 && now_ != Time();  // at 0 it starts there
      if (smooth)
        exactness_.record_root(std::abs(Neuron::potential(parameters, group.states[index(n)], now_) -
                                        Neuron::threshold(parameters, group.states[index(n)], now_)));
    } else {
      schedule_wake_up(p, n, bound);
    }
  }

  /// A bound later than the live wake-up needs no event: the earlier check will find it.
  void schedule_wake_up(std::uint32_t p, NeuronId n, Time bound) {
    Time& wake_up = watch_[p].wake_up[index(n)];
    if (bound >= wake_up) return;
    wake_up = bound;
    queue_.push({bound, EventKind::kWakeUp, p, index(n), Time()});
  }

  void fire_all(std::uint32_t p) {
    Watch& watch = watch_[p];
    std::visit(
        [&](auto& group) {
          for (const NeuronId n : watch.firing) fire(p, group, n);
        },
        network_.populations[p]);
    watch.firing.clear();
    if (watch.unsettled > watch.unsettled_limit) settle_into(p);
  }

  template <class Neuron>
  void fire(std::uint32_t p, NeuronGroup<Neuron>& group, NeuronId n) {
    ++counts_.spikes;
    Neuron::fire(group.parameters[n], group.states[index(n)], now_);
    Watch& watch = watch_[p];
    for (const std::uint32_t k : watch.incoming_plastic) {
      std::visit([&](auto& projection) { projection.rule.fired(n, now_); }, network_.projections[k]);
      ++watch.unsettled;
    }
    on_spike_(p, n, now_);
    send_all(p, n, now_);
    // The drive alone, or currents that outlast the refractory period, may carry it to the next spike. A
    // bound equal to now is possible without refractoriness and waits one resolution of time: one spike per
    // instant.
    ++exactness_.bounds_evaluated;
    const Time bound = Neuron::crossing_bound(group.parameters[n], group.states[index(n)], now_);
    schedule_wake_up(p, n, std::max(bound, next_after(now_)));
  }

  void send_all(std::uint32_t population, NeuronId n, Time emitted) {
    for (const std::uint32_t k : watch_[population].outgoing)
      std::visit(
          [&](auto& projection) {
            projection.rule.sent(n, emitted);
            const SegmentId first = projection.connectivity.first_segment(n);
            if (first < projection.connectivity.last_segment(n))
              send(k, projection.connectivity, first, emitted);
          },
          network_.projections[k]);
  }

  void send(std::uint32_t projection, const Connectivity& connectivity, SegmentId g, Time emitted) {
    queue_.push({emitted + connectivity.delay(g), EventKind::kDelivery, projection, index(g), emitted});
  }

  /// Settles every plastic synapse onto population `p` and forgets its spikes: this bounds what is remembered
  /// when sources are silent, at an amortised O(1) per spike, because as many spikes as there are synapses
  /// come first.
  void settle_into(std::uint32_t p) {
    Watch& watch = watch_[p];
    for (const std::uint32_t k : watch.incoming_plastic)
      std::visit([&](auto& projection) { settle(projection); }, network_.projections[k]);
    watch.unsettled = 0;
  }

  template <class Rule>
  void settle(SynapseGroup<Rule>& projection) {
    const Connectivity& connectivity = projection.connectivity;
    for (SegmentId g{0}; index(g) < connectivity.segment_count(); g = SegmentId{index(g) + 1}) {
      const auto row = projection.rule.row_until(connectivity.source(g), now_, connectivity.delay(g));
      for (const SynapseId s : connectivity.synapses(g))
        projection.rule.settle(s, connectivity.target(s), row);
    }
    const auto targets = static_cast<std::uint32_t>(watch_[projection.target].wake_up.size());
    for (std::uint32_t n = 0; n < targets; ++n) projection.rule.forget(NeuronId{n}, now_);
  }

  void index_projections() {
    watch_.resize(network_.populations.size() + inputs_.size());
    for (std::uint32_t k = 0; k < network_.projections.size(); ++k)
      std::visit(
          [&]<class Rule>(const SynapseGroup<Rule>& projection) {
            watch_[projection.source].outgoing.push_back(k);
            if (!Rule::kPlastic) return;
            Watch& target = watch_[projection.target];
            target.incoming_plastic.push_back(k);
            target.unsettled_limit +=
                std::max<std::uint64_t>(projection.connectivity.synapse_count(), kShortHistory);
          },
          network_.projections[k]);
  }

  void prepare_populations() {
    for (std::uint32_t p = 0; p < network_.populations.size(); ++p)
      std::visit(
          [&](const auto& group) {
            Watch& watch = watch_[p];
            const std::size_t size = group.states.size();
            watch.wake_up.assign(size, Time::never());
            watch.touched.assign(size, 0);
            for (std::uint32_t i = 0; i < size; ++i) schedule_wake_up(p, NeuronId{i}, Time());
          },
          network_.populations[p]);
  }

  void schedule_inputs() {
    pending_.resize(inputs_.size());
    for (std::uint32_t input = 0; input < inputs_.size(); ++input) {
      pending_[input].resize(line_count(inputs_[input]));
      for (std::uint32_t line = 0; line < line_count(inputs_[input]); ++line) schedule_line(input, line);
    }
  }

  /// Puts a line's next spike into the queue.
  void schedule_line(std::uint32_t input, std::uint32_t line) {
    const ChannelSpike spike = next_spike(inputs_[input], line);
    if (spike.time.is_never()) return;
    pending_[input][line] = NeuronId{spike.channel};
    queue_.push({spike.time, EventKind::kEmission, input, line, Time()});
  }

  static constexpr std::uint64_t kShortHistory = 4096;

  NetworkType network_;
  std::vector<Stimulus> inputs_;
  SpikeObserver on_spike_;
  std::vector<Watch> watch_;                    // populations, then inputs
  std::vector<std::vector<NeuronId>> pending_;  // channel of each line's queued spike
  EventQueue queue_;
  Time now_;
  EventCounts counts_;
  Exactness exactness_;
};

}  // namespace chronotope::events
