// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "chronotope/core/error.hpp"
#include "chronotope/core/network.hpp"
#include "chronotope/events/event_queue.hpp"
#include "chronotope/events/exactness.hpp"
#include "chronotope/events/lane.hpp"
#include "chronotope/events/rewards.hpp"
#include "chronotope/events/stimuli/stimulus.hpp"
#include "chronotope/events/team.hpp"

namespace chronotope::events {

/// Called for every spike of a neuron, in time order; at one instant by (population, neuron).
using SpikeObserver = std::function<void(std::uint32_t population, NeuronId neuron, Time time)>;

/// The event-driven engine: from look-ahead window to look-ahead window, without a time step. Nothing emitted
/// at or after a window's begin arrives before its end, because no delay is shorter; so all its arrivals are
/// known, and the neurons go through it one by one, on any number of threads. At one instant of a neuron
/// first all arrivals (summed in order of time, projection and source), then the threshold test, then the
/// spike. Homeostasis of weights happens between windows, at its exact time and before everything else there.
///
/// Invariants:
/// 1. A spike in flight holds one queue entry per projection, which re-enters for the delays beyond the
///    window.
/// 2. No bit of any result depends on where windows begin and end, nor on the number of threads.
/// Cost: O(log(spikes in flight)) per spike and window it delivers in, O(1) per synaptic event, nothing for
/// silence; with private trains a look at every driven neuron per window.
template <class Network>
class Engine;

template <class... Neurons, class... Rules>
class Engine<Network<TypeList<Neurons...>, TypeList<Rules...>>> {
 public:
  using NetworkType = Network<TypeList<Neurons...>, TypeList<Rules...>>;

  /// Inputs are numbered after the populations. A neuron that starts at or above threshold fires at time 0.
  Engine(NetworkType network, std::vector<Stimulus> inputs, SpikeObserver on_spike, unsigned threads = 1)
      : network_(std::move(network)),
        inputs_(std::move(inputs)),
        on_spike_(std::move(on_spike)),
        rewards_(network_.rewards),
        team_(threads),
        shards_(threads) {
    index_projections();
    make_lanes();
    make_private();
    schedule_inputs();
  }

  /// Processes every event before `end`. Calling it in pieces changes no bit. Errors: InputError that names a
  /// neuron and when its state can not be followed further.
  void run_until(Time end) {
    run_until(end, [] { return false; });
  }
  /// The same, but ends after the window in which stop() becomes true: now() tells where.
  template <class Stop>
  void run_until(Time end, Stop stop) {
    for (Time begin; (begin = next_time()) < end;) {
      if (stop()) return;
      if (begin == scaling_due_)
        scale_weights();
      else
        process({begin, window_end(begin, end)});
    }
    tell_rewards(end);
    now_ = std::max(now_, end);
  }

  /// Sends the next spike that goes anywhere `by` later than it was fired: to see how far a network carries
  /// that.
  void perturb_next_spike(Duration by) { perturbation_ = by; }

  Time now() const { return now_; }
  const NetworkType& network() const { return network_; }
  const Exactness& exactness() const { return exactness_; }
  const EventCounts& counts() const { return counts_; }

  /// Accounts for every spike so far at every plastic synapse, so that weights can be read. Changes no later
  /// bit.
  void settle_weights() {
    for (Shard& shard : shards_)
      for (std::uint32_t p = 0; p < network_.populations.size(); ++p) settle_into(shard, p, now_);
  }

  /// Releases a reward at t. Requires: t is not before now().
  void reward(std::uint32_t number, Time t, double amount) { rewards_.add(number, {t, amount}); }

  /// V of all neurons of a population, now [mV].
  std::vector<double> potentials(std::uint32_t population) const {
    std::vector<double> V;
    for (const Shard& shard : shards_)
      std::visit(
          [&](const auto& lane) {
            for (std::uint32_t n = lane.first(); n < lane.last(); ++n) V.push_back(lane.potential(n, now_));
          },
          shard.lanes[population]);
    return V;
  }

 private:
  using AnyLane = std::variant<Lane<Neurons>...>;

  /// What one thread works on: its lane of every population.
  struct Shard {
    std::vector<AnyLane> lanes;
    Tally tally;
  };

  /// What belongs to a population beside its neurons; inputs have only the first.
  struct Ends {
    std::vector<std::uint32_t> outgoing;  // projections
    std::vector<std::uint32_t> incoming_plastic;
    std::uint64_t unsettled_limit = 0;
    Duration least_delay = Duration::forever();    // of the outgoing projections
    Duration until_synapse = Duration::forever();  // the shortest way of a spike to a synapse
  };

  /// When the next window begins: at the next arrival, check or scaling of weights, but not before the end of
  /// the last window.
  Time next_time() const {
    Time next = std::min(queue_.next_time(), scaling_due_);
    for (const Shard& shard : shards_)
      for (const AnyLane& lane : shard.lanes)
        next = std::min(next, std::visit([](const auto& l) { return l.next_check(); }, lane));
    return std::max(next, now_);
  }

  Time window_end(Time begin, Time end) const {
    const double steps = std::floor(begin.ticks() / step_.ticks);
    const Time boundary = Time::from_parts(begin.epoch(), steps * step_.ticks) + step_;
    Time limit = std::min({end, boundary, begin + window_, scaling_due_});
    for (const Shard& shard : shards_)
      for (const AnyLane& lane : shard.lanes)
        limit = std::min(limit, std::visit([begin](const auto& l) { return l.limit(begin); }, lane));
    return limit;
  }

  void process(const Window& window) {
    tell_rewards(window.end);
    collect(window.end);
    team_.run([&](unsigned member) { work(shards_[member], window); });
    publish();
    now_ = window.end;
  }

  /// All deliveries before `end`, in order.
  void collect(Time end) {
    deliveries_.clear();
    while (queue_.next_time() < end) {
      const Event event = queue_.pop();
      if (event.kind == EventKind::kDelivery)
        deliver_until(end, event.group, SegmentId{event.item}, event.emitted);
      else
        emit_until(end, event);
    }
    std::sort(deliveries_.begin(), deliveries_.end());
    counts_.deliveries += deliveries_.size();
  }

  void emit_until(Time end, const Event& event) {
    ++counts_.emissions;
    const auto population = static_cast<std::uint32_t>(network_.populations.size()) + event.group;
    const NeuronId channel = pending_[event.group][event.item];
    for (const std::uint32_t k : ends_[population].outgoing) {
      sent(k, channel, event.emitted, now_);
      if (const auto first = first_segment(k, channel)) deliver_until(end, k, *first, event.emitted);
    }
    schedule_line(event.group, static_cast<std::uint32_t>(event.item));
  }

  /// The segments of one row from `g` on: those that arrive before `end` now, the others when they are due.
  void deliver_until(Time end, std::uint32_t k, SegmentId g, Time emitted) {
    const Connectivity& connectivity = connectivity_of(k);
    for (;; g = SegmentId{index(g) + 1}) {
      const Time arrival = emitted + connectivity.delay(g);
      if (arrival >= end) return queue_.push({arrival, EventKind::kDelivery, k, index(g), emitted});
      deliveries_.push_back({arrival, k, index(g), emitted});
      if (connectivity.is_last(g)) return;
    }
  }

  void work(Shard& shard, const Window& window) {
    for (AnyLane& lane : shard.lanes) std::visit([&](auto& l) { l.begin(window, shard.tally); }, lane);
    for (std::uint32_t number = 0; number < deliveries_.size(); ++number) {
      if (number + 1 < deliveries_.size()) prefetch(deliveries_[number + 1]);
      const Delivery& d = deliveries_[number];
      std::visit(
          [&](auto& projection) {
            std::visit([&](auto& lane) { lane.deliver(projection, d, number); },
                       shard.lanes[projection.target]);
          },
          network_.projections[d.projection]);
    }
    for (std::uint32_t p = 0; p < shard.lanes.size(); ++p) finish(shard, p, window);
  }

  /// Asks for the memory of a delivery's arrivals, which are next.
  void prefetch(const Delivery& d) const {
    const Connectivity& connectivity = connectivity_of(d.projection);
    const SegmentId g{d.segment};
    connectivity.prefetch(g);
    prefetch(d.projection, [&](const auto& rule) { rule.prefetch(connectivity.synapses(g)); });
  }

  void finish(Shard& shard, std::uint32_t p, const Window& window) {
    const auto transmit = [this](std::uint32_t number, SynapseId s, NeuronId target) {
      const Delivery& d = deliveries_[number];
      return std::visit(
          [&](auto& projection) {
            const Connectivity& connectivity = projection.connectivity;
            const SegmentId g{d.segment};
            const auto row = projection.rule.row(connectivity.source(g), d.emitted, connectivity.delay(g));
            return projection.rule.arrive(s, target, row);
          },
          network_.projections[d.projection]);
    };
    const auto fired = [&, this](NeuronId n, Time t) {
      for (const std::uint32_t k : ends_[p].incoming_plastic)
        std::visit(
            [&](auto& projection) {
              projection.rule.fired(n, t);
              if (projection.scaling) projection.scaling->fired(n);
            },
            network_.projections[k]);
    };
    const auto expect = [&, this](NeuronId n) {
      for (const std::uint32_t k : ends_[p].incoming_plastic)
        prefetch(k, [n](const auto& rule) { rule.prefetch_target(n); });
    };
    const bool full = std::visit(
        [&](auto& lane) {
          lane.finish(transmit, expect, fired);
          return lane.unsettled() > ends_[p].unsettled_limit;
        },
        shard.lanes[p]);
    if (full && !ends_[p].incoming_plastic.empty()) settle_into(shard, p, window.end);
  }

  /// Hands the window's spikes to the observer and sends them on.
  void publish() {
    spikes_.clear();
    for (Shard& shard : shards_) {
      spikes_.insert(spikes_.end(), shard.tally.spikes.begin(), shard.tally.spikes.end());
      shard.tally.spikes.clear();
      counts_ += std::exchange(shard.tally.counts, {});
      exactness_ += std::exchange(shard.tally.exactness, {});
    }
    report_breakdown();
    std::sort(spikes_.begin(), spikes_.end());
    for (const Spike& spike : spikes_)
      for (const std::uint32_t k : ends_[spike.population].outgoing)
        prefetch(k, [&](const auto& rule) { rule.prefetch_source(NeuronId{spike.neuron}); });
    for (Spike& spike : spikes_) {
      if (!ends_[spike.population].outgoing.empty())
        spike.time = spike.time + std::exchange(perturbation_, Duration{});
      const NeuronId n{spike.neuron};
      on_spike_(spike.population, n, spike.time);
      rewards_.fired(spike.population, spike.time);
      for (const std::uint32_t k : ends_[spike.population].outgoing) {
        sent(k, n, spike.time, spike.time);
        if (const auto first = first_segment(k, n)) {
          queue_.push({spike.time + connectivity_of(k).delay(*first), EventKind::kDelivery, k, index(*first),
                       spike.time});
        }
      }
    }
  }

  /// Throws when the state of a neuron could not be followed: of the first one in time and number.
  void report_breakdown() const {
    const Breakdown* first = nullptr;
    for (const Shard& shard : shards_)
      if (const auto& found = shard.tally.breakdown; found && (first == nullptr || *found < *first))
        first = &*found;
    if (first == nullptr) return;
    const auto name = [](const auto& group) { return group.name; };
    throw InputError("population " + std::visit(name, network_.populations[first->population]) + ": neuron " +
                     std::to_string(first->neuron) + ", " + to_text(first->time) + " ms: " + first->what);
  }

  /// Tells the rules of all rewards before `end`, before anything at their time is processed. What rules
  /// remember of them is bounded by settling all synapses now and then.
  void tell_rewards(Time end) {
    rewards_.take_until(end, [&](std::uint32_t reward, const RewardEvent& event) {
      for (auto& any : network_.projections)
        std::visit(
            [&](auto& projection) {
              if (projection.reward == reward) projection.rule.rewarded(event.time, event.amount);
            },
            any);
      if (++unsettled_rewards_ <= kShortHistory) return;
      settle_weights();
      unsettled_rewards_ = 0;
    });
  }

  /// The homeostasis that is due: an event at this time, before all others.
  void scale_weights() {
    const Time t = scaling_due_;
    tell_rewards(t);
    team_.run([&](unsigned member) {
      for (auto& any : network_.projections)
        std::visit([&](auto& projection) { scale(projection, shards_[member], t); }, any);
    });
    scaling_due_ = Time::never();
    for (auto& any : network_.projections)
      std::visit(
          [&](auto& projection) {
            if (!projection.scaling) return;
            if (projection.scaling->due() == t) projection.scaling->advance();
            scaling_due_ = std::min(scaling_due_, projection.scaling->due());
          },
          any);
    now_ = t;
  }

  template <class Rule>
  static void scale(SynapseGroup<Rule>& projection, const Shard& shard, Time t) {
    if (!projection.scaling || projection.scaling->due() != t) return;
    const auto [first, last] =
        std::visit([](const auto& lane) { return std::pair(lane.first(), lane.last()); },
                   shard.lanes[projection.target]);
    settle(projection, first, last, t);
    const Connectivity& connectivity = projection.connectivity;
    std::vector<double> sum(last - first, 0);
    for (SegmentId g{0}; index(g) < connectivity.segment_count(); g = SegmentId{index(g) + 1})
      for (const SynapseId s : connectivity.synapses(g, first, last))
        sum[index(connectivity.target(s)) - first] += std::abs(projection.rule.weight(s));
    std::vector<double> factor;
    for (std::uint32_t n = first; n < last; ++n)
      factor.push_back(projection.scaling->factor(NeuronId{n}, sum[n - first]));
    for (SegmentId g{0}; index(g) < connectivity.segment_count(); g = SegmentId{index(g) + 1}) {
      const auto row = projection.rule.row_until(connectivity.source(g), t, connectivity.delay(g));
      for (const SynapseId s : connectivity.synapses(g, first, last))
        projection.rule.scale(s, factor[index(connectivity.target(s)) - first], row);
    }
  }

  /// Settles every plastic synapse onto a lane of population `p` to time t, which everything before has been
  /// processed, and lets the rules forget its spikes: this bounds what is remembered when sources are silent,
  /// at an amortised O(1) per spike, because as many spikes as there are synapses come first.
  void settle_into(Shard& shard, std::uint32_t p, Time t) {
    std::visit(
        [&](auto& lane) {
          for (const std::uint32_t k : ends_[p].incoming_plastic)
            std::visit([&](auto& projection) { settle(projection, lane.first(), lane.last(), t); },
                       network_.projections[k]);
          lane.mark_settled();
        },
        shard.lanes[p]);
  }

  /// The synapses of one projection onto neurons [first, last).
  template <class Rule>
  static void settle(SynapseGroup<Rule>& projection, std::uint32_t first, std::uint32_t last, Time t) {
    const Connectivity& connectivity = projection.connectivity;
    for (SegmentId g{0}; index(g) < connectivity.segment_count(); g = SegmentId{index(g) + 1}) {
      const auto row = projection.rule.row_until(connectivity.source(g), t, connectivity.delay(g));
      for (const SynapseId s : connectivity.synapses(g, first, last))
        projection.rule.settle(s, connectivity.target(s), row);
    }
    for (std::uint32_t n = first; n < last; ++n) projection.rule.forget(NeuronId{n}, t);
  }

  /// Tells the rule of projection k of a spike of its source; all arrivals before `delivered` are done.
  void sent(std::uint32_t k, NeuronId source, Time t, Time delivered) {
    std::visit([&](auto& projection) { projection.rule.sent(source, t, delivered); },
               network_.projections[k]);
  }

  /// Calls ask(rule) for the rule of projection k if it Prefetches.
  template <class Ask>
  void prefetch(std::uint32_t k, Ask ask) const {
    std::visit(
        [&]<class Rule>(const SynapseGroup<Rule>& projection) {
          if constexpr (Prefetches<Rule>) ask(projection.rule);
        },
        network_.projections[k]);
  }

  const Connectivity& connectivity_of(std::uint32_t k) const {
    return std::visit([](const auto& p) -> const Connectivity& { return p.connectivity; },
                      network_.projections[k]);
  }
  std::optional<SegmentId> first_segment(std::uint32_t k, NeuronId n) const {
    const Connectivity& connectivity = connectivity_of(k);
    const SegmentId first = connectivity.first_segment(n);
    return first < connectivity.last_segment(n) ? std::optional(first) : std::nullopt;
  }

  /// Finds what leaves and enters each population, and the longest window: the shortest delay of a projection
  /// between neurons.
  void index_projections() {
    for (const RewardSpec& reward : network_.rewards)
      if (reward.population) window_ = std::min(window_, reward.delay);
    ends_.resize(network_.populations.size() + inputs_.size());
    for (std::uint32_t k = 0; k < network_.projections.size(); ++k)
      std::visit(
          [&]<class Rule>(const SynapseGroup<Rule>& projection) {
            Ends& source = ends_[projection.source];
            source.outgoing.push_back(k);
            const Duration delay = projection.connectivity.least_delay();
            source.least_delay = std::min(source.least_delay, delay);
            source.until_synapse = std::min(
                source.until_synapse, std::max(Duration(), delay - longest_dendritic_delay(projection.rule)));
            if (projection.source < network_.populations.size())
              window_ = std::min(window_, source.least_delay);
            if (!Rule::kPlastic) return;
            if (projection.scaling) scaling_due_ = std::min(scaling_due_, projection.scaling->due());
            Ends& target = ends_[projection.target];
            target.incoming_plastic.push_back(k);
            target.unsettled_limit +=
                std::max<std::uint64_t>(projection.connectivity.synapse_count(), kShortHistory);
          },
          network_.projections[k]);
  }

  void make_lanes() {
    for (Shard& shard : shards_) shard.lanes.reserve(network_.populations.size());
    for (std::uint32_t p = 0; p < network_.populations.size(); ++p)
      std::visit(
          [&]<class Neuron>(NeuronGroup<Neuron>& group) {
            Lane<Neuron>::prepare(group);
            const std::uint64_t size = group.states.size();
            for (std::uint64_t s = 0; s < shards_.size(); ++s) {
              const auto first = static_cast<std::uint32_t>(size * s / shards_.size());
              const auto last = static_cast<std::uint32_t>(size * (s + 1) / shards_.size());
              auto& lane = shards_[s].lanes.emplace_back(std::in_place_type<Lane<Neuron>>, group, p, first,
                                                         last, window_);
              step_ = std::min(step_, std::get<Lane<Neuron>>(lane).step());
            }
          },
          network_.populations[p]);
  }

  /// Hands fast Poisson inputs that reach one neuron per train to the lanes of those neurons.
  void make_private() {
    private_.reserve(inputs_.size());
    std::vector<bool> driven(network_.populations.size(), false);
    for (std::uint32_t input = 0; input < inputs_.size(); ++input) {
      Ends& ends = ends_[network_.populations.size() + input];
      const auto* poisson = std::get_if<Poisson>(&inputs_[input]);
      if (poisson == nullptr || ends.outgoing.size() != 1) continue;
      const bool taken = std::visit(
          [&](const auto& projection) {
            return !driven[projection.target] && drive_lanes(*poisson, projection) &&
                   (driven[projection.target] = true);
          },
          network_.projections[ends.outgoing[0]]);
      if (taken) ends.outgoing.clear();
    }
  }

  template <class Rule>
  bool drive_lanes(const Poisson& poisson, const SynapseGroup<Rule>& projection) {
    constexpr double kSlow =
        ticks_of(10);  // between two spikes of a train: those are well served by the queue
    const Connectivity& connectivity = projection.connectivity;
    if (!kIsStatic<Rule> || !connectivity.is_identity()) return false;
    PrivateTrains trains{poisson.seed(), poisson.purpose(), {}, {}, poisson.start(), poisson.stop()};
    trains.first = trains.first + connectivity.least_delay();
    if (!trains.stop.is_never()) trains.stop = trains.stop + connectivity.least_delay();
    for (std::uint32_t c = 0; c < poisson.line_count(); ++c) {
      if (poisson.mean_interval(c) > kSlow) return false;
      trains.mean_interval.push_back(poisson.mean_interval(c));
      trains.weight.push_back(projection.rule.weight(SynapseId{c}));
    }
    bool taken = false;
    private_.push_back(std::move(trains));
    for (Shard& shard : shards_)
      std::visit(
          [&]<class Neuron>(Lane<Neuron>& lane) {
            if constexpr (DrivenNeuron<Neuron>) {
              lane.drive(private_.back());
              taken = true;
            }
          },
          shard.lanes[projection.target]);
    return taken;
  }

  void schedule_inputs() {
    pending_.resize(inputs_.size());
    for (std::uint32_t input = 0; input < inputs_.size(); ++input) {
      const std::uint32_t lines = line_count(inputs_[input]);
      pending_[input].resize(lines);
      if (!is_heard(input)) continue;
      for (std::uint32_t line = 0; line < lines; ++line) schedule_line(input, line);
    }
  }

  /// Whether any synapse transmits the input's spikes.
  bool is_heard(std::uint32_t input) const {
    const Ends& ends = ends_[network_.populations.size() + input];
    return !ends.outgoing.empty() && ends.least_delay < Duration::forever();
  }

  /// Puts a line's next spike into the queue, at the time when it can first be at a synapse: from there on a
  /// weight that is read must account for it.
  void schedule_line(std::uint32_t input, std::uint32_t line) {
    const ChannelSpike spike = next_spike(inputs_[input], line);
    const Ends& ends = ends_[network_.populations.size() + input];
    if (spike.time.is_never()) return;
    pending_[input][line] = NeuronId{spike.channel};
    queue_.push({spike.time + ends.until_synapse, EventKind::kEmission, input, line, spike.time});
  }

  static constexpr std::uint64_t kShortHistory = 4096;

  NetworkType network_;
  std::vector<Stimulus> inputs_;
  SpikeObserver on_spike_;
  Rewards rewards_;
  std::uint64_t unsettled_rewards_ = 0;
  Time scaling_due_ = Time::never();
  Team team_;
  std::vector<Shard> shards_;  // one per thread
  std::vector<PrivateTrains> private_;
  std::vector<Ends> ends_;                               // populations, then inputs
  std::vector<std::vector<NeuronId>> pending_;           // channel of each line's queued spike
  Duration window_ = Duration::from_ticks(kTicksPerMs);  // the longest
  Offset step_{kTicksPerEpoch};                          // windows end at its multiples
  EventQueue queue_;
  std::vector<Delivery> deliveries_;  // of the current window
  std::vector<Spike> spikes_;         // of the last window
  Time now_;
  Duration perturbation_;  // of the next spike that is sent
  EventCounts counts_;
  Exactness exactness_;
};

}  // namespace chronotope::events
