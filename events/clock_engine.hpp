// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <span>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "chronotope/core/network.hpp"
#include "chronotope/events/clock_options.hpp"
#include "chronotope/events/clock_population.hpp"
#include "chronotope/events/event.hpp"
#include "chronotope/events/exactness.hpp"
#include "chronotope/events/flush_denormals.hpp"
#include "chronotope/events/stimuli/stimulus.hpp"
#include "chronotope/events/time_grid.hpp"

namespace chronotope::events {

/// The clock-driven twin of the event-driven engine: the same network, inputs and rules, advanced step by
/// step.
///
/// Without interpolation everything happens on the grid, in the order and with the rounding of a convention
/// (clock_options.hpp). With interpolation spikes and arrivals have exact times inside a step, as in Morrison
/// et al. 2007, but the threshold is tested only at the events of a neuron and at the ends of steps: a V that
/// rises above it and sinks below it in between is missed.
///
/// Plasticity rules are driven with the times of this clock. Open loop: neurons hear the recorded spikes of a
/// given run instead of each other's. Invariant: the bits of a run do not depend on the processor's vectors.
/// Cost: O(neurons + lines of inputs) per step, O(1) per synaptic event.
template <class Network>
class ClockEngine;

template <class... Neurons, class... Rules>
class ClockEngine<Network<TypeList<Neurons...>, TypeList<Rules...>>> {
 public:
  using NetworkType = Network<TypeList<Neurons...>, TypeList<Rules...>>;
  using Observer = std::function<void(std::uint32_t population, NeuronId neuron, Time time)>;

  /// Inputs are numbered after the populations. `recorded`, when not empty, has the spikes of every
  /// population: open loop.
  ClockEngine(NetworkType network, std::vector<Stimulus> inputs, Observer on_spike, ClockOptions options,
              std::vector<SpikeList> recorded = {}, VectorSet vectors = widest_vectors())
      : network_(std::move(network)),
        on_spike_(std::move(on_spike)),
        options_(options),
        grid_(options.dt),
        open_loop_(!recorded.empty()) {
    const auto populations = static_cast<std::uint32_t>(network_.populations.size());
    index_projections(populations + inputs.size());
    for (std::uint32_t p = 0; p < recorded.size(); ++p) add_source(p, std::move(recorded[p]));
    for (std::uint32_t i = 0; i < inputs.size(); ++i) add_source(populations + i, std::move(inputs[i]));
    for (std::uint32_t p = 0; p < populations; ++p) make_population(p, vectors);
  }

  /// Takes whole steps until the clock is at `end` or the last step before it, or until stop() is true.
  template <class Stop>
  void run_until(Time end, Stop stop) {
    const FlushDenormals flush;
    while (!(end < grid_.at(steps_ + 1)) && !stop()) step();
  }
  void run_until(Time end) {
    run_until(end, [] { return false; });
  }

  Time now() const { return grid_.at(steps_); }
  const NetworkType& network() const { return network_; }
  const EventCounts& counts() const { return counts_; }

  /// Accounts for every spike so far at every plastic synapse, so that weights can be read.
  void settle_weights() {
    for (std::uint32_t p = 0; p < populations_.size(); ++p) settle_into(p);
  }

  /// V of a neuron now [mV].
  double potential(std::uint32_t population, NeuronId neuron) const {
    return std::visit([&](const auto& p) { return p.potential(index(neuron)); }, populations_[population]);
  }

 private:
  using AnyPopulation = std::variant<ClockPopulation<Neurons>...>;

  /// A spike on its way along one row, from one of its segments on.
  struct InFlight {
    std::uint32_t projection;
    std::uint64_t segment;
    std::int64_t step;  // when it was emitted; with interpolation, the first it can arrive in
    Time emitted;       // for the rules
    Time arrival;       // of the segment's arrivals: exact, or for the rules

    friend bool operator<(const InFlight& a, const InFlight& b) {
      return std::tie(a.arrival, a.projection, a.segment) < std::tie(b.arrival, b.projection, b.segment);
    }
  };

  /// A source of recorded spikes: an input, or in open loop a population.
  struct Source {
    std::uint32_t id;
    Stimulus stimulus;
    Duration least_delay{};               // with interpolation: a spike sets out when it can first arrive
    std::vector<ChannelSpike> next;       // by line
    std::vector<std::int64_t> next_step;  // of it
  };

  struct Ends {
    std::vector<std::uint32_t> outgoing;
    std::vector<std::uint32_t> incoming_plastic;
    std::uint64_t unsettled_limit = 0;
    std::uint64_t unsettled = 0;
  };

  void step() {
    const std::int64_t n = steps_;
    if (!options_.on_grid()) {
      emit_sources(n);
      walk(n);
    } else if (options_.convention == GridConvention::kNest) {
      emit_sources(n);
      deliver(n + 1);
      step_populations(n + 1);
    } else {
      integrate_populations();
      emit_sources(n);
      send_fired(n);
      deliver(n);
      tell_rules();
    }
    ++steps_;
    settle_full();
  }

  /// NEST's order: arrivals at step n are in, the spikes found are of step n.
  void step_populations(std::int64_t n) {
    integrate_populations();
    rule_spike_ = grid_.at(n);
    send_fired(n);
    tell_rules();
  }

  void integrate_populations() {
    rule_spike_ = now();
    for (std::uint32_t p = 0; p < populations_.size(); ++p) {
      fired_[p].clear();
      std::visit([&](auto& population) { population.step(fired_[p]); }, populations_[p]);
    }
  }

  void send_fired(std::int64_t n) {
    const Time stamp = grid_.at(n);
    for (std::uint32_t p = 0; p < populations_.size(); ++p) {
      counts_.spikes += fired_[p].size();
      ends_[p].unsettled += fired_[p].size();
      for (const std::uint32_t i : fired_[p]) {
        on_spike_(p, NeuronId{i}, stamp);
        if (!open_loop_) send(p, NeuronId{i}, n, rule_spike_);
      }
    }
  }

  void tell_rules() {
    for (std::uint32_t p = 0; p < populations_.size(); ++p)
      for (const std::uint32_t i : fired_[p]) tell_fired(p, NeuronId{i}, rule_spike_);
  }

  void tell_fired(std::uint32_t p, NeuronId neuron, Time t) {
    for (const std::uint32_t k : ends_[p].incoming_plastic)
      std::visit([&](auto& projection) { projection.rule.fired(neuron, t); }, network_.projections[k]);
  }

  /// A spike of step n sets out along all rows of its source. `emitted` is its exact time, or its time for
  /// the rules.
  void send(std::uint32_t source, NeuronId neuron, std::int64_t n, Time emitted) {
    // Rules know delays before they were rounded, by up to half a step, or raised to a step: what by these
    // should have arrived in the last step may still be on its way.
    const Time delivered = options_.on_grid() ? emitted - grid_.dt() : std::min(emitted, now());
    for (const std::uint32_t k : ends_[source].outgoing)
      std::visit(
          [&](auto& projection) {
            projection.rule.sent(neuron, emitted, delivered);
            const Connectivity& connectivity = projection.connectivity;
            const SegmentId first = connectivity.first_segment(neuron);
            if (first < connectivity.last_segment(neuron))
              put_in_flight({k, index(first), n, emitted, emitted + delay(connectivity, k, first)});
          },
          network_.projections[k]);
  }

  void put_in_flight(const InFlight& spike) {
    const std::int64_t arrival = options_.on_grid()
                                     ? spike.step + delay_steps_[spike.projection][spike.segment]
                                     : std::max(grid_.floor(spike.arrival), spike.step);
    ring_[static_cast<std::size_t>(arrival) % ring_.size()].push_back(spike);
  }

  /// On the grid as the rules see it. With interpolation only what neurons send during the run has to wait
  /// for the next step.
  Duration delay(const Connectivity& connectivity, std::uint32_t k, SegmentId g) const {
    return options_.on_grid() ? std::int64_t{delay_steps_[k][index(g)]} * grid_.dt()
                              : std::max(connectivity.delay(g), least_delay_[k]);
  }

  /// What arrives at step n goes into the sums.
  void deliver(std::int64_t n) {
    auto& slot = ring_[static_cast<std::size_t>(n) % ring_.size()];
    arriving_.swap(slot);
    slot.clear();
    std::sort(arriving_.begin(), arriving_.end());
    for (const InFlight& spike : arriving_) deliver_from(spike, n);
    arriving_.clear();
  }

  void deliver_from(InFlight spike, std::int64_t n) {
    std::visit(
        [&](auto& projection) {
          const Connectivity& connectivity = projection.connectivity;
          Incoming& incoming = *incoming_[projection.target];
          const auto& steps = delay_steps_[spike.projection];
          for (;; ++spike.segment) {
            spike.arrival = spike.emitted + delay(connectivity, spike.projection, SegmentId{spike.segment});
            if (spike.step + steps[spike.segment] != n) return put_in_flight(spike);
            sweep(projection, SegmentId{spike.segment}, spike, incoming);
            if (connectivity.is_last(SegmentId{spike.segment})) return;
          }
        },
        network_.projections[spike.projection]);
  }

  template <class Rule>
  void sweep(SynapseGroup<Rule>& projection, SegmentId g, const InFlight& spike, Incoming& incoming) {
    const Connectivity& connectivity = projection.connectivity;
    const auto synapses = connectivity.synapses(g);
    ++counts_.deliveries;
    counts_.synaptic_events += synapses.size();
    if (synapses.empty()) return;
    const std::uint32_t* targets = connectivity.targets();
    if constexpr (requires { projection.rule.shared_weight(); }) {
      if (const double* shared = projection.rule.shared_weight()) {
        double* sums = incoming.sums_for(*shared, projection.receptor);
        for (const SynapseId s : synapses) sums[targets[index(s)]] += *shared;
        return;
      }
    }
    const auto row =
        projection.rule.row(connectivity.source(g), spike.emitted, delay(connectivity, spike.projection, g));
    for (const SynapseId s : synapses) {
      const std::uint32_t target = targets[index(s)];
      const double w = projection.rule.arrive(s, NeuronId{target}, row);
      incoming.sums_for(w, projection.receptor)[target] += w;
    }
  }

  // With interpolation.

  /// The step from n dt on: its arrivals by neuron, then the neurons, then their spikes.
  void walk(std::int64_t n) {
    auto& slot = ring_[static_cast<std::size_t>(n) % ring_.size()];
    arriving_.swap(slot);
    slot.clear();
    spread_segments(n);
    std::sort(arriving_.begin(), arriving_.end());
    for (std::uint32_t number = 0; number < arriving_.size(); ++number) append_arrivals(number, n);
    spikes_.clear();
    for (std::uint32_t p = 0; p < populations_.size(); ++p) walk_population(p, n);
    arriving_.clear();
    std::sort(spikes_.begin(), spikes_.end());
    counts_.spikes += spikes_.size();
    for (const Spike& spike : spikes_) {
      ++ends_[spike.population].unsettled;
      on_spike_(spike.population, NeuronId{spike.neuron}, spike.time);
      if (!open_loop_) send(spike.population, NeuronId{spike.neuron}, n + 1, spike.time);
    }
  }

  /// Adds the further segments of each arriving row: to this step, or to the ring.
  void spread_segments(std::int64_t n) {
    for (std::size_t k = 0; k < arriving_.size(); ++k) {
      InFlight spike = arriving_[k];
      const Connectivity& connectivity = connectivity_of(spike.projection);
      if (connectivity.is_last(SegmentId{spike.segment})) continue;
      ++spike.segment;
      spike.arrival = spike.emitted + delay(connectivity, spike.projection, SegmentId{spike.segment});
      if (spike.arrival < grid_.at(n + 1))
        arriving_.push_back(spike);
      else
        put_in_flight(spike);
    }
  }

  void append_arrivals(std::uint32_t number, std::int64_t n) {
    const InFlight& spike = arriving_[number];
    const Offset at = std::max(spike.arrival.since(grid_.at(n)), Offset{});
    std::visit(
        [&]<class Rule>(SynapseGroup<Rule>& projection) {
          const Connectivity& connectivity = projection.connectivity;
          const SegmentId g{spike.segment};
          const auto row = projection.rule.row(connectivity.source(g), spike.emitted,
                                               delay(connectivity, spike.projection, g));
          Incoming& incoming = *incoming_[projection.target];
          ++counts_.deliveries;
          for (const SynapseId s : connectivity.synapses(g)) {
            ++counts_.synaptic_events;
            const NeuronId target = connectivity.target(s);
            if constexpr (Rule::kPlastic)
              incoming.append(index(target), {at, 0, index(s), number, projection.receptor, 0});
            else
              incoming.append(index(target), {at, projection.rule.arrive(s, target, row), 0, Incoming::kNone,
                                              projection.receptor, 0});
          }
        },
        network_.projections[spike.projection]);
  }

  void walk_population(std::uint32_t p, std::int64_t n) {
    const auto transmit = [this](std::uint32_t number, SynapseId s, NeuronId target) {
      const InFlight& spike = arriving_[number];
      return std::visit(
          [&](auto& projection) {
            const SegmentId g{spike.segment};
            const auto row = projection.rule.row(projection.connectivity.source(g), spike.emitted,
                                                 delay(projection.connectivity, spike.projection, g));
            return projection.rule.arrive(s, target, row);
          },
          network_.projections[spike.projection]);
    };
    const auto fired = [&, this](NeuronId neuron, Time t) { tell_fired(p, neuron, t); };
    std::visit([&](auto& population) { population.walk(grid_.at(n), transmit, fired, spikes_); },
               populations_[p]);
  }

  // Sources.

  void add_source(std::uint32_t id, Stimulus stimulus) {
    const std::uint32_t lines = line_count(stimulus);
    Duration least = Duration::forever();
    for (const std::uint32_t k : ends_[id].outgoing)
      least = std::min(least, connectivity_of(k).least_delay());
    if (least == Duration::forever()) return;  // nobody hears it
    sources_.push_back({id, std::move(stimulus), least, {}, {}});
    sources_.back().next.resize(lines);
    sources_.back().next_step.resize(lines);
    for (std::uint32_t line = 0; line < lines; ++line) advance(sources_.back(), line);
  }

  void advance(Source& source, std::uint32_t line) {
    constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();
    source.next[line] = next_spike(source.stimulus, line);
    const Time t = source.next[line].time;
    source.next_step[line] = t.is_never() ? kNever : step_of(t, source.least_delay);
  }

  /// The step at which a spike of a source sets out.
  std::int64_t step_of(Time t, Duration least_delay) const {
    if (!options_.on_grid()) return grid_.floor(t + least_delay);
    if (options_.convention == GridConvention::kNest) return grid_.ceil(t);
    return grid_.floor(t, kBrian2Slack);
  }

  void emit_sources(std::int64_t n) {
    for (Source& source : sources_)
      for (std::uint32_t line = 0; line < source.next_step.size(); ++line)
        while (source.next_step[line] <= n) {
          ++counts_.emissions;
          const ChannelSpike& spike = source.next[line];
          send(source.id, NeuronId{spike.channel}, n, options_.on_grid() ? now() : spike.time);
          advance(source, line);
        }
  }

  // Plasticity.

  void settle_full() {
    for (std::uint32_t p = 0; p < populations_.size(); ++p)
      if (ends_[p].unsettled > ends_[p].unsettled_limit && !ends_[p].incoming_plastic.empty()) settle_into(p);
  }

  /// Settles the synapses onto population p: all its spikes so far count.
  void settle_into(std::uint32_t p) {
    Time t = now();
    if (options_.on_grid() && options_.convention == GridConvention::kNest) t = t + kTick;
    for (const std::uint32_t k : ends_[p].incoming_plastic)
      std::visit([&](auto& projection) { settle(projection, k, t); }, network_.projections[k]);
    ends_[p].unsettled = 0;
  }

  template <class Rule>
  void settle(SynapseGroup<Rule>& projection, std::uint32_t k, Time t) {
    const Connectivity& connectivity = projection.connectivity;
    for (SegmentId g{0}; index(g) < connectivity.segment_count(); g = SegmentId{index(g) + 1}) {
      const auto row = projection.rule.row_until(connectivity.source(g), t, delay(connectivity, k, g));
      for (const SynapseId s : connectivity.synapses(g))
        projection.rule.settle(s, connectivity.target(s), row);
    }
    const std::uint32_t targets = static_cast<std::uint32_t>(std::visit(
        [](const auto& group) { return group.states.size(); }, network_.populations[projection.target]));
    for (std::uint32_t n = 0; n < targets; ++n) projection.rule.forget(NeuronId{n}, t);
  }

  const Connectivity& connectivity_of(std::uint32_t k) const {
    return std::visit([](const auto& p) -> const Connectivity& { return p.connectivity; },
                      network_.projections[k]);
  }

  void index_projections(std::size_t ends) {
    constexpr std::uint64_t kShortHistory = 4096;
    ends_.resize(ends);
    std::int64_t longest = 1;
    for (std::uint32_t k = 0; k < network_.projections.size(); ++k)
      std::visit(
          [&]<class Rule>(const SynapseGroup<Rule>& projection) {
            ends_[projection.source].outgoing.push_back(k);
            longest = std::max(longest, round_delays(projection.connectivity));
            const bool sent_by_neurons = projection.source < network_.populations.size() && !open_loop_;
            least_delay_.push_back(sent_by_neurons ? grid_.dt() : Duration());
            if (!Rule::kPlastic) return;
            Ends& target = ends_[projection.target];
            target.incoming_plastic.push_back(k);
            target.unsettled_limit +=
                std::max<std::uint64_t>(projection.connectivity.synapse_count(), kShortHistory);
          },
          network_.projections[k]);
    ring_.resize(static_cast<std::size_t>(longest) + 3);
  }

  /// The delays of one projection in steps; returns the longest.
  std::int64_t round_delays(const Connectivity& connectivity) {
    const bool may_be_zero = options_.on_grid() && options_.convention == GridConvention::kBrian2;
    std::vector<std::uint32_t> steps;
    for (SegmentId g{0}; index(g) < connectivity.segment_count(); g = SegmentId{index(g) + 1})
      steps.push_back(static_cast<std::uint32_t>(
          std::max<std::int64_t>(grid_.steps(connectivity.delay(g)), may_be_zero ? 0 : 1)));
    const auto longest = std::max_element(steps.begin(), steps.end());
    delay_steps_.push_back(std::move(steps));
    return longest == delay_steps_.back().end() ? 1 : *longest;
  }

  void make_population(std::uint32_t p, VectorSet vectors) {
    std::visit(
        [&]<class Neuron>(const NeuronGroup<Neuron>& group) {
          populations_.emplace_back(std::in_place_type<ClockPopulation<Neuron>>, group, p, options_, vectors);
        },
        network_.populations[p]);
    fired_.emplace_back();
    incoming_.clear();
    for (AnyPopulation& population : populations_)
      incoming_.push_back(std::visit([](auto& q) { return &q.incoming(); }, population));
  }

  static constexpr double kBrian2Slack = 1e-3;  // of a step

  NetworkType network_;
  Observer on_spike_;
  ClockOptions options_;
  TimeGrid grid_;
  bool open_loop_;
  std::vector<AnyPopulation> populations_;
  std::vector<Incoming*> incoming_;  // of the populations
  std::vector<Source> sources_;
  std::vector<Ends> ends_;                               // populations, then inputs
  std::vector<std::vector<std::uint32_t>> delay_steps_;  // by projection and segment
  std::vector<Duration> least_delay_;                    // by projection, with interpolation
  std::vector<std::vector<InFlight>> ring_;              // by step of arrival
  std::vector<InFlight> arriving_;
  std::vector<std::vector<std::uint32_t>> fired_;  // on the grid, by population
  std::vector<Spike> spikes_;                      // of the last walk
  std::int64_t steps_ = 0;                         // taken
  Time rule_spike_;                                // on the grid, what rules are told of the spikes of a step
  EventCounts counts_;
};

}  // namespace chronotope::events
