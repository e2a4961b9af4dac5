// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <vector>

#include "chronotope/core/neuron_group.hpp"
#include "chronotope/core/stepped_neuron.hpp"
#include "chronotope/events/clock/clock_options.hpp"
#include "chronotope/events/clock/clock_population.hpp"
#include "chronotope/events/clock/grid_kernel.hpp"
#include "chronotope/events/clock/incoming.hpp"
#include "chronotope/events/clock/threshold_interpolation.hpp"
#include "chronotope/events/clock/time_grid.hpp"
#include "chronotope/events/event.hpp"

namespace chronotope::events {

/// The neurons of a model on a grid of time, as a structure of arrays: one array per variable.
///
/// On the grid (step) all of a step happens at its ends. Inside it (walk) neurons are moved as if nothing
/// arrived, and those with arrivals, refractory periods or spikes are done again one by one, from one event
/// of the neuron to the next, the threshold being tested at events and at the step's end only.
template <SteppedNeuron M>
class SteppedPopulation final : public ClockPopulation {
 public:
  using Form = SteppedForm<M>;
  using Variables = SteppedVariables<M>;

  SteppedPopulation(const NeuronsOf<M>& group, std::uint32_t number, const ClockOptions& options,
                    VectorSet vectors)
      : ClockPopulation(Incoming(group.size, kSteppedReceptors<M>, Form::kBySign, options.on_grid())),
        group_(&group),
        number_(number),
        options_(options),
        dt_(TimeGrid(options.dt).dt().offset()),
        size_(group.size),
        wait_(size_, 0),
        flags_(kBlock) {
    options_.dt = dt_.ms();
    fill_constants();
    fill_variables();
    connect_columns();
    choose_loops(vectors);
  }

  double potential(std::uint32_t neuron) const override {
    return Form::potential(parameters(neuron), variables(neuron));
  }

  void change_currents() override {
    for (const std::uint32_t k : group_->currents.changed()) {
      const StepCurrents::Pool& pool = group_->currents.pools()[k];
      for (const std::uint32_t i : pool.neurons) keep_potential(i, group_->under(i, pool.level));
    }
    parts_ = {};
  }

  void step(std::vector<std::uint32_t>& fired) override {
    for_each_flagged(step_loop_, [&](std::uint32_t i) { fired.push_back(i); });
  }

  void walk(Time begin, const ClockAfferents& afferents, std::vector<Spike>& spikes) override {
    const auto on_spike = [&](std::uint32_t i, Offset at) {
      const Time time = begin + at;
      afferents.fired(NeuronId{i}, time);
      spikes.push_back({time, number_, i});
    };
    for_each_flagged(move_loop_, [&](std::uint32_t i) {
      if (incoming_.first(i) == Incoming::kNone) walk_one(i, afferents, on_spike);
    });
    for (const std::uint32_t i : incoming_.touched()) walk_one(i, afferents, on_spike);
    incoming_.clear();
    std::swap(columns_.variables, columns_.next);
  }

 private:
  static constexpr std::size_t kBlock = 256;
  static constexpr int kPartBits = 6;

  void fill_constants() {
    const TimeGrid grid(options_.dt);
    for (const auto& p : group_->parameters.values()) {
      const SteppedConstants<M> c = Form::constants(p, options_.dt);
      for (std::size_t k = 0; k < c.size(); ++k) constants_[k].push_back(c[k]);
      hold_.push_back(hold(grid, Form::t_ref(p)));
    }
  }

  /// The constants of neuron i become those of `now`, from whose V_inf its V may count.
  void keep_potential(std::uint32_t i, const typename M::Parameters& now) {
    const Variables y = variables(i);
    columns_.variables[0][i] += Form::potential(parameters(i), y) - Form::potential(now, y);
    const SteppedConstants<M> c = Form::constants(now, options_.dt);
    const std::size_t place = group_->parameters.is_shared() ? 0 : i;
    for (std::size_t k = 0; k < c.size(); ++k) constants_[k][place] = c[k];
  }

  /// The refractory period in steps; in Brian2's order even none keeps arrivals of the step of a spike away
  /// from V.
  double hold(const TimeGrid& grid, Duration t_ref) const {
    if (options_.convention == GridConvention::kNest) return static_cast<double>(grid.steps(t_ref));
    return std::max(0.5, static_cast<double>(grid.steps_down(t_ref, kBrian2Slack)));
  }

  void fill_variables() {
    for (std::size_t k = 0; k < kSteppedVariables<M>; ++k) {
      y_[k].resize(size_);
      if (!options_.on_grid()) next_[k].resize(size_);
    }
    for (std::uint32_t i = 0; i < size_; ++i) {
      const Variables y = Form::start(parameters(i), group_->states[i]);
      for (std::size_t k = 0; k < y.size(); ++k) y_[k][i] = y[k];
    }
  }

  void connect_columns() {
    columns_.parameters = group_->parameters.values().data();
    for (std::size_t k = 0; k < kSteppedConstants<M>; ++k) columns_.constants[k] = constants_[k].data();
    columns_.hold = hold_.data();
    for (std::size_t k = 0; k < kSteppedVariables<M>; ++k) {
      columns_.variables[k] = y_[k].data();
      columns_.next[k] = next_[k].data();
    }
    for (std::uint32_t r = 0; r < kSteppedReceptors<M>; ++r)
      columns_.inputs[r] = options_.on_grid() ? incoming_.sums(r) : nullptr;
    columns_.wait = wait_.data();
    columns_.refractory = Form::refractory(group_->parameters.values()[0]);
    columns_.dt = options_.dt;
  }

  using Loop = std::int64_t (*)(const GridColumns<M>&, std::size_t, std::size_t, std::int64_t*);

  template <Integrator kIntegrator>
  void choose_loops(VectorSet vectors) {
    if (group_->parameters.is_shared()) {
      step_loop_ = GridKernel<M, kIntegrator, true>::step_loop(options_.convention, vectors);
      move_loop_ = GridKernel<M, kIntegrator, true>::move_loop(vectors);
    } else {
      step_loop_ = GridKernel<M, kIntegrator, false>::step_loop(options_.convention, vectors);
      move_loop_ = GridKernel<M, kIntegrator, false>::move_loop(vectors);
    }
  }
  void choose_loops(VectorSet vectors) {
    if (options_.integrator == Integrator::kEuler)
      choose_loops<Integrator::kEuler>(vectors);
    else if (options_.integrator == Integrator::kRungeKutta4 || !HasPropagator<M>)
      choose_loops<Integrator::kRungeKutta4>(vectors);
    else if constexpr (HasPropagator<M>)
      choose_loops<Integrator::kExact>(vectors);
  }

  /// Runs a loop over all neurons and calls `take` for those it flags.
  template <class Take>
  void for_each_flagged(Loop loop, Take take) {
    for (std::size_t begin = 0; begin < size_; begin += kBlock) {
      const std::size_t end = std::min<std::size_t>(begin + kBlock, size_);
      if (loop(columns_, begin, end, flags_.data()) == 0) continue;
      for (std::size_t i = begin; i < end; ++i)
        if (flags_[i - begin] != 0) take(static_cast<std::uint32_t>(i));
    }
  }

  const typename M::Parameters& parameters(std::uint32_t i) const { return group_->parameters[NeuronId{i}]; }
  Variables variables(std::uint32_t i) const {
    Variables y;
    for (std::size_t k = 0; k < y.size(); ++k) y[k] = columns_.variables[k][i];
    return y;
  }

  /// One neuron through one step, event by event; its refractory period lasts until `ready`.
  template <class OnSpike>
  void walk_one(std::uint32_t i, const ClockAfferents& afferents, OnSpike on_spike) {
    const auto& p = parameters(i);
    Walk walk{p, whole_step(i), variables(i), {}, {wait_[i]}};
    const auto spike = [&](Offset at) {
      walk.y = Form::reset(walk.constants, walk.y);
      walk.ready = at + Form::t_ref(p).offset();
      on_spike(i, at);
    };
    for (std::uint32_t a = incoming_.first(i);;) {
      const Offset until = a == Incoming::kNone ? dt_ : incoming_.arrival(a).at;
      go_on(walk, until, spike);
      if (a == Incoming::kNone) break;
      a = receive(walk, i, a, afferents);
    }
    for (std::size_t k = 0; k < walk.y.size(); ++k) columns_.next[k][i] = walk.y[k];
    wait_[i] = std::max(Offset{}, walk.ready - dt_).ticks;
  }

  struct Part {
    double ms = -1;
    SteppedConstants<M> constants;
  };

  /// A neuron on its way through a step.
  struct Walk {
    const typename M::Parameters& parameters;
    SteppedConstants<M> constants;  // of a whole step; of any for threshold and reset
    Variables y;
    Offset t;      // from the begin of the step
    Offset ready;  // end of the refractory period, likewise
  };

  /// Moves the neuron from walk.t to `until`, through the end of its refractory period and through its
  /// spikes.
  template <class OnSpike>
  void go_on(Walk& walk, Offset until, OnSpike spike) {
    while (walk.t < until) {
      if (walk.t < walk.ready) {
        const Offset end = std::min(until, walk.ready);
        walk.y = later(walk, end - walk.t, columns_.refractory.clamps);
        walk.t = end;
      } else if (Form::excess(walk.constants, walk.y) >= 0) {
        spike(walk.t);
      } else {
        const Offset length = until - walk.t;
        const Variables end = later(walk, length, false);
        const bool crosses = Form::excess(walk.constants, end) >= 0;
        const Offset at = crosses ? walk.t + part_of(length, crossing(walk, end, length.ms())) : until;
        walk.y = crosses ? later(walk, at - walk.t, false) : end;
        walk.t = at;
        if (crosses) spike(at);
      }
    }
  }

  /// The nearest number of ticks.
  static Offset part_of(Offset length, double share) { return {nearest_whole(share * length.ticks)}; }

  Variables later(const Walk& walk, Offset length, bool clamped) {
    if (length == Offset{}) return walk.y;
    const double ms = length.ms();
    const SteppedConstants<M> c = length == dt_ ? walk.constants : part_of_step(walk.parameters, ms);
    return integrate<M>(options_.integrator, walk.parameters, c, walk.y, ms, clamped);
  }

  SteppedConstants<M> whole_step(std::uint32_t i) const {
    const std::uint32_t place = group_->parameters.is_shared() ? 0 : i;
    SteppedConstants<M> c;
    for (std::size_t k = 0; k < c.size(); ++k) c[k] = constants_[k][place];
    return c;
  }

  /// Where parameters are shared, the arrivals of one row cut the steps of all its targets at the same
  /// places.
  SteppedConstants<M> part_of_step(const typename M::Parameters& p, double ms) {
    constexpr std::uint64_t kGolden = 0x9e3779b97f4a7c15;
    if (!group_->parameters.is_shared()) return Form::constants(p, ms);
    Part& part = parts_[std::bit_cast<std::uint64_t>(ms) * kGolden >> (64 - kPartBits)];
    if (part.ms != ms) part = {ms, Form::constants(p, ms)};
    return part.constants;
  }

  /// Where in a stretch of `length` ms the threshold was crossed, as a share of it.
  double crossing(const Walk& walk, const Variables& end, double length) const {
    const auto at = [&](const Variables& y) {
      return ThresholdEnd{Form::excess(walk.constants, y),
                          Form::excess_rate(Form::derivative(walk.parameters, y))};
    };
    if (options_.interpolation == Interpolation::kLinear) return linear_crossing(at(walk.y), at(end));
    return cubic_crossing(at(walk.y), at(end), length);
  }

  /// Takes all arrivals of the instant of arrival `a`; returns the first one after it.
  std::uint32_t receive(Walk& walk, std::uint32_t i, std::uint32_t a, const ClockAfferents& afferents) {
    const Offset now = incoming_.arrival(a).at;
    SteppedInputs<M> in{};
    for (; a != Incoming::kNone && incoming_.arrival(a).at == now; a = incoming_.arrival(a).next) {
      const Incoming::Arrival& arrival = incoming_.arrival(a);
      const double w = arrival.delivery == Incoming::kNone
                           ? arrival.weight
                           : afferents.transmit(arrival.delivery, SynapseId{arrival.synapse}, NeuronId{i});
      in[incoming_.receptor_for(w, arrival.receptor)] += w;
    }
    const double V = walk.y[0];
    walk.y = Form::receive(walk.constants, walk.y, in);
    if (now < walk.ready && columns_.refractory.clamps && !columns_.refractory.keeps) walk.y[0] = V;
    return a;
  }

  const NeuronsOf<M>* group_;
  std::uint32_t number_;
  ClockOptions options_;
  Offset dt_;
  std::uint32_t size_;
  std::array<std::vector<double>, kSteppedConstants<M>> constants_;
  std::vector<double> hold_;
  std::array<Part, std::size_t{1} << kPartBits> parts_{};  // that were computed last
  std::array<std::vector<double>, kSteppedVariables<M>> y_;
  std::array<std::vector<double>, kSteppedVariables<M>> next_;
  std::vector<double> wait_;
  std::vector<std::int64_t> flags_;
  GridColumns<M> columns_{};
  Loop step_loop_ = nullptr;
  Loop move_loop_ = nullptr;
};

/// MakeClockPopulation of a model's ClockForm.
template <SteppedNeuron M>
std::unique_ptr<ClockPopulation> make_clock_population(const NeuronGroup& population, std::uint32_t number,
                                                       const ClockOptions& options, VectorSet vectors) {
  return std::make_unique<SteppedPopulation<M>>(static_cast<const NeuronsOf<M>&>(population), number, options,
                                                vectors);
}

}  // namespace chronotope::events
