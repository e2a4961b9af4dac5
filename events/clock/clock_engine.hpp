// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <tuple>
#include <vector>

#include "chronotope/core/network.hpp"
#include "chronotope/events/clock/clock_options.hpp"
#include "chronotope/events/clock/clock_population.hpp"
#include "chronotope/events/clock/time_grid.hpp"
#include "chronotope/events/event.hpp"
#include "chronotope/events/exactness.hpp"
#include "chronotope/events/projection_index.hpp"
#include "chronotope/events/stimuli/stimulus.hpp"

namespace chronotope::events {

/// The clock-driven twin of the event-driven engine: the same network, inputs and rules, advanced step by
/// step.
///
/// Without interpolation everything happens on the grid, in the order and with the rounding of a convention
/// (clock_options.hpp). With interpolation spikes and arrivals have exact times inside a step, as in Morrison
/// et al. 2007, but the threshold is tested only at the events of a neuron and at the ends of steps: a V that
/// rises above it and sinks below it in between is missed.
///
/// Currents change at the begin of a step: of the first that begins at the change or after it (NEST), of that in which it
/// lies (Brian2), or, with interpolation, of the one whose begin is nearest.
///
/// Plasticity rules are driven with the times of this clock. Open loop: neurons hear the recorded spikes of a
/// given run instead of each other's. Invariant: the bits of a run do not depend on the processor's vectors.
/// Cost: O(neurons + lines of inputs) per step, O(1) per synaptic event.
class ClockEngine {
 public:
  using Observer = std::function<void(std::uint32_t population, NeuronId neuron, Time time)>;

  /// Inputs are numbered after the populations. `recorded`, when not empty, has the spikes of every
  /// population: open loop. Requires: `forms` has the form of each population's model.
  ClockEngine(Network network, std::span<const ClockForm> forms, std::vector<Stimulus> inputs,
              Observer on_spike, const ClockOptions& options, std::vector<SpikeList> recorded = {},
              VectorSet vectors = widest_vectors());

  /// Takes whole steps until the clock is at `end` or the last step before it, or until stop() is true.
  void run_until(
      Time end, const std::function<bool()>& stop = [] { return false; });

  Time now() const { return grid_.at(steps_); }
  const Network& network() const { return network_; }
  const EventCounts& counts() const { return counts_; }

  /// Accounts for every spike so far at every plastic synapse, so that weights can be read.
  void settle_weights();

  /// V of a neuron now [mV].
  double potential(std::uint32_t population, NeuronId neuron) const {
    return populations_[population]->potential(index(neuron));
  }

 private:
  /// A spike on its way along one row, from one of its segments on.
  struct InFlight {
    std::uint32_t projection;
    std::uint64_t segment;
    std::int64_t step;  // when it was emitted; with interpolation, the first it may arrive in
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
    std::vector<ChannelSpike> next;       // by line
    std::vector<std::int64_t> next_step;  // of it
  };

  void make_populations(std::span<const ClockForm> forms, VectorSet vectors);
  void round_delays();
  void add_source(std::uint32_t id, Stimulus stimulus);
  void advance(Source& source, std::uint32_t line);
  std::int64_t step_of(Time t) const;
  std::int64_t step_of_change(Time t) const;
  void change_currents(std::int64_t n);

  void step();
  void step_populations(std::int64_t n);
  void integrate_populations();
  void emit_sources(std::int64_t n);
  void send_fired(std::int64_t n);
  void tell_rules();
  void tell_fired(std::uint32_t p, NeuronId neuron, Time t);
  void send(std::uint32_t source, NeuronId neuron, std::int64_t n, Time emitted);
  void put_in_flight(const InFlight& spike);
  Duration delay(std::uint32_t k, SegmentId g) const;
  void take_arriving(std::int64_t n);
  IdRange<SynapseId> count_arrivals(const InFlight& spike);

  void deliver(std::int64_t n);
  void deliver_from(InFlight spike, std::int64_t n);
  void sweep(const InFlight& spike);

  void walk(std::int64_t n);
  void spread_segments(std::int64_t n);
  void append_arrivals(std::uint32_t number, std::int64_t n);
  void walk_population(std::uint32_t p, std::int64_t n);

  void settle_full();
  void settle_into(std::uint32_t p);

  SynapseGroup& projection(std::uint32_t k) const { return *network_.projections[k]; }
  template <class Take>
  void for_each_batch(const InFlight& spike, Take take);

  Network network_;
  Observer on_spike_;
  ClockOptions options_;
  TimeGrid grid_;
  bool open_loop_;
  ProjectionIndex index_;
  std::vector<std::unique_ptr<ClockPopulation>> populations_;
  std::vector<std::uint32_t> injected_;  // those with currents that change
  std::vector<Source> sources_;
  std::vector<std::vector<std::uint32_t>> delay_steps_;  // by projection and segment
  std::vector<Duration> least_delay_;                    // by projection, with interpolation
  std::vector<std::uint64_t> unsettled_;                 // spikes of each population
  std::vector<std::vector<InFlight>> ring_;              // by step of arrival
  std::vector<InFlight> arriving_;
  std::vector<std::vector<std::uint32_t>> fired_;  // on the grid, by population
  std::vector<Spike> spikes_;                      // of the last walk
  std::int64_t steps_ = 0;                         // taken
  Time rule_spike_;                                // on the grid, what rules are told of the spikes of a step
  EventCounts counts_;
};

}  // namespace chronotope::events
