// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "chronotope/core/error.hpp"
#include "chronotope/core/neuron_group.hpp"
#include "chronotope/core/synapse_group.hpp"
#include "chronotope/events/lane.hpp"
#include "chronotope/events/lane/attended_neurons.hpp"
#include "chronotope/events/lane/lane_drive.hpp"
#include "chronotope/events/lane/looks.hpp"
#include "chronotope/events/lane/row_sweep.hpp"
#include "chronotope/events/lane/walk.hpp"
#include "chronotope/events/spread_arrivals.hpp"

namespace chronotope::events {

/// The lane of a neuron model.
///
/// A neuron is either cold: it can not fire before the window's end, and its arrivals are added to its state
/// as they come (RowSweep); or hot: it may, its arrivals are put aside (AttendedNeurons), and at the window's end it
/// is walked through them one instant after the other (Walk). When a cold one is looked at again is a matter of Looks;
/// that of private trains, of which some neurons are followed, of LaneDrive. What is cold, followed or hot, early
/// or late, changes no bit of a state.
///
/// A crossing lies between ticks. One that rounds to the window's end from before it makes its neuron fire
/// first of all in the next window, which begins there.
///
/// Invariant: between windows all neurons are cold.
/// Cost: a cold arrival of a SweptNeuron a few additions; a hot one, and any of a PointwiseNeuron, a bound;
/// with a drive a look at each neuron per slot.
template <NeuronModel M>
class NeuronLane final : public Lane {
 public:
  using State = typename M::State;

  /// Moves neurons [first, last) of `group`; `window` is the longest window there will be. Requires:
  /// NeuronFace<M>::prepare(group).
  NeuronLane(NeuronsOf<M>& group, std::uint32_t population, std::uint32_t first, std::uint32_t last,
             Duration window)
      : Lane(first, last),
        neurons_(group, population, first, last - first),
        looks_(neurons_, window),
        attended_(neurons_),
        drive_(neurons_, attended_),
        walk_(neurons_, attended_, drive_),
        rows_(neurons_) {}

  Offset step() const override { return clock().step(); }
  Offset step_of(const NeuronGroup& group) const override {
    return Face::step(static_cast<const NeuronsOf<M>&>(group));
  }
  Time next_check() const override {
    if (drive_.is_on()) return Time();
    if (!crossed_.empty()) return crossed_at_;
    return std::min(drive_.begin(), looks_.next());
  }
  Time limit(Time begin) const override { return std::min(looks_.limit(begin), drive_.limit(begin)); }

  void expect_own_delays() override { spread_.emplace(first(), neurons_.size()); }
  bool can_draw(const SlotTrains& trains) const override { return drive_.can_draw(trains); }
  double largest_exponent(const SlotTrains& trains) const override { return drive_.largest_exponent(trains); }
  void drive(const PrivateInputs& inputs) override { drive_.expect(inputs); }

  void change_currents(Time now) override {
    if constexpr (InjectedNeuron<M>) {
      halt(now);
      neurons_.forget_decay();
      looks_.forget_horizons();
      const StepCurrents& currents = neurons_.group().currents;
      for (const std::uint32_t k : currents.changed()) {
        const StepCurrents::Pool& pool = currents.pools()[k];
        const auto own = std::ranges::lower_bound(pool.neurons, first());
        for (auto n = own; n != pool.neurons.end() && *n < last(); ++n) inject(*n - first(), pool.level);
      }
    }
  }

  void begin(const Window& window, Tally& tally) override {
    neurons_.tally = &tally;
    open(window.begin, window.end);
    const auto review = [this](std::uint32_t i) { this->review(i); };
    if (!drive_.is_on()) looks_.scan(window, review);
    looks_.take_checks(window.end, review);
    drive_.begin_window();
    attend_crossed();
  }

  void deliver(SynapseGroup& projection, const Delivery& delivery, std::uint32_t number) override {
    if (spread_)
      spread_->postpone(projection, delivery, number);
    else
      sweep(projection, delivery, number);
  }

  void finish(const Afferents& afferents) override {
    if (spread_) sweep_postponed(afferents);
    for (std::size_t h = 0; h < attended_.size(); ++h) {
      const std::size_t next = h + 1;
      if (next < attended_.size() && !attended_[next].followed)
        afferents.expect(neurons_.id(attended_[next].neuron));
      if (drive_.catch_up(attended_[h], clock().end()))
        attended_.cool(attended_[h]);
      else
        walk(attended_[h], afferents);
    }
    attended_.clear();
    drive_.end_window();
  }

  void halt(Time now) override { open(now, now); }
  void save(Progress& progress) const override {
    progress.origin = clock().origin();
    if (!crossed_.empty()) progress.crossed_at = crossed_at_;
    for (const std::uint32_t i : crossed_) progress.crossed.push_back(first() + i);
    drive_.save(progress.trains);
  }
  void load(const Progress& progress, std::string_view& trains, Time now) override {
    neurons_.clock.set_origin(progress.origin);
    neurons_.clock.open(now, now);
    if (clock().begin() < Offset{} || clock().begin() >= step() + drive_.reach() || clock().origin() < Time())
      throw InputError("state of lanes has its origin at another time");
    crossed_.clear();
    crossed_at_ = progress.crossed_at;
    for (const std::uint32_t n : progress.crossed)
      if (first() <= n && n < last()) crossed_.push_back(n - first());
    looks_.begin_anew(now);
    drive_.load(trains, now);
    if (drive_.is_on()) looks_.stop();
  }

  std::vector<double> potentials(Time now) const override {
    const std::vector<State> states = states_at(now);
    std::vector<double> V;
    for (std::uint32_t i = 0; i < neurons_.size(); ++i)
      V.push_back(Face::potential(neurons_.parameters(i), states[i], clock().origin(), clock().offset(now)));
    return V;
  }
  std::vector<double> currents(Time now, std::uint32_t receptor) const override {
    std::vector<double> I;
    if constexpr (HasCurrents<M, Offset> || HasCurrents<M, Time>) {
      const std::vector<State> states = states_at(now);
      for (std::uint32_t i = 0; i < neurons_.size(); ++i)
        I.push_back(Face::synaptic_current(neurons_.parameters(i), states[i], clock().origin(),
                                           clock().offset(now), receptor));
    }
    return I;
  }
  EventCounts uncounted(Time now) const override { return drive_.uncounted(now); }

 private:
  using Face = NeuronFace<M>;
  using Attended = typename AttendedNeurons<M>::Attended;

  const LaneClock& clock() const { return neurons_.clock; }

  /// A window, and in it the drive, when that begins or ends with it.
  void open(Time begin, Time end) {
    move_origin(begin);
    neurons_.clock.open(begin, end);
    if (drive_.start(begin)) looks_.stop();
    if (drive_.stop(begin))
      for (std::uint32_t i = 0; i < neurons_.size(); ++i) looks_.schedule_at(i, begin);
  }

  void move_origin(Time begin) {
    if (drive_.keeps_origin()) return;
    const std::int64_t steps = clock().steps_to(begin);
    if (steps == 0) return;
    constexpr std::int64_t kPatience = 64;
    for (std::int64_t k = 1; k <= steps; ++k) {
      drive_.rebase();
      for (std::uint32_t i = 0; i < neurons_.size(); ++i)
        Face::rebase(neurons_.parameters(i), neurons_.state(i));
      if (k % kPatience == 0 && has_settled()) break;
    }
    neurons_.clock.move_origin(steps);
    looks_.move_origin();
  }
  /// Nothing would change any more, however often the origin moves: everything has decayed.
  bool has_settled() {
    for (std::uint32_t i = 0; i < neurons_.size(); ++i) {
      State moved = neurons_.state(i);
      Face::rebase(neurons_.parameters(i), moved);
      if (std::memcmp(&moved, &neurons_.state(i), sizeof(State)) != 0) return false;
    }
    return true;
  }

  /// Those of all neurons, with what their private trains have brought.
  std::vector<State> states_at(Time now) const {
    const std::span<const State> known = neurons_.states();
    std::vector<State> states(known.begin(), known.end());
    drive_.add_to(states, now);
    return states;
  }

  /// At the window's begin, to which the window is still closed.
  void inject(std::uint32_t i, double level) {
    const auto& before = neurons_.parameters(i);
    const auto now = neurons_.group().under(first() + i, level);
    State& s = neurons_.state(i);
    const Offset t = clock().begin();
    if (reaches_threshold(before, s, t) && std::ranges::find(crossed_, i) == crossed_.end()) {
      crossed_.push_back(i);
      crossed_at_ = clock().time(t);
    }
    if constexpr (SweptNeuron<M>)
      M::keep_potential(before, now, s, t, t);
    else
      M::keep_potential(before, now, s, clock().time(t));
    if (Face::is_refractory(s)) return;
    Face::block(s);
    if (drive_.is_on())
      drive_.look_again(i);
    else
      looks_.schedule_at(i, clock().time(t));
  }
  /// Whether the neuron would fire at t if nothing else happened then. Of one with private trains nobody knows before they
  /// are taken.
  bool reaches_threshold(const typename M::Parameters& p, const State& s, Offset t) const {
    if (drive_.is_on() || Face::is_refractory(s)) return false;
    const Crossing next = Face::crossing(p, s, clock().origin(), t);
    return next.is_crossing && next.at == t && next.beyond <= 0;
  }

  void attend(std::uint32_t i, Offset from) {
    looks_.cancel(i);
    attended_.attend(i, from);
  }
  void review(std::uint32_t i) {
    const double safe = looks_.safe_until(i, neurons_.state(i), clock().begin());
    if (safe < clock().end().ticks)
      attend(i, clock().begin());
    else
      looks_.schedule(i, safe);
  }
  /// Those that crossed the threshold at the very end of the last window are hot.
  void attend_crossed() {
    for (const std::uint32_t i : crossed_) {
      if (!attended_.has(i)) drive_.is_on() ? drive_.follow(i, clock().begin()) : attend(i, clock().begin());
      attended_.of(i).followed = false;
      attended_.of(i).crossed = true;
    }
    crossed_.clear();
  }

  /// A segment, whose arrivals are simultaneous.
  void sweep(SynapseGroup& projection, const Delivery& delivery, std::uint32_t number) {
    const auto synapses = projection.connectivity().synapses(SegmentId{delivery.segment}, first(), last());
    neurons_.tally->counts.synaptic_events += synapses.size();
    Arrivals arrivals{*this};
    rows_.sweep({projection, delivery, number, synapses}, arrivals);
  }
  /// The window's deliveries, all of which are known now.
  void sweep_postponed(const Afferents& afferents) {
    if (spread_->is_spread()) {
      Arrivals arrivals{*this};
      neurons_.tally->counts.synaptic_events +=
          spread_->sweep(afferents, clock().origin(), clock().begin(), clock().end(), arrivals);
    } else {
      for (const auto& [number, next] : spread_->postponed()) {
        const Delivery& delivery = afferents.deliveries()[number];
        sweep(afferents.projection(delivery), delivery, number);
      }
    }
    spread_->clear();
  }

  /// This lane, as RowSweep and SpreadArrivals see it.
  struct Arrivals {
    NeuronLane& lane;

    void take(ArrivalBatch& batch) { lane.rows_.sweep(batch, *this); }
    /// Whether neuron i may fire before t, an arrival's.
    bool is_hot(std::uint32_t i, Offset t) {
      return lane.attended_.has(i) && !(lane.drive_.is_on() && lane.drive_.catch_up(lane.attended_.of(i), t));
    }
    void put_aside(std::uint32_t i, const AsideArrival& arrival) { lane.attended_.put_aside(i, arrival); }
    template <class Pulse>
    void overflow(std::uint32_t i, Offset t, double w, const Pulse& kick) {
      lane.overflow(i, t, w, kick);
    }
    void arrive(std::uint32_t i, Offset t, double w, std::uint32_t receptor) {
      const AsideArrival arrival{t, w, 0, AsideArrival::kNone, receptor};
      if (lane.attended_.has(i)) return put_aside(i, arrival);
      State next = lane.neurons_.state(i);
      Face::receive(lane.neurons_.parameters(i), next, lane.clock().origin(), t, w, receptor);
      lane.settle(i, next, arrival);
    }
  };

  /// An arrival that absorb refused: the neuron is hot, refractory, or its headroom has to be renewed.
  template <class Pulse>
  [[gnu::noinline]] void overflow(std::uint32_t i, Offset t, double w, Pulse kick) {
    const AsideArrival arrival{t, w};
    if (drive_.is_on()) {
      if (!drive_.take(i, t, w, kick)) attended_.put_aside(i, arrival);
    } else if (attended_.has(i)) {
      attended_.put_aside(i, arrival);
    } else {
      State next = neurons_.state(i);
      M::receive(neurons_.parameters(i), next, kick, w);
      settle(i, next, arrival);
    }
  }
  /// Keeps the state `next` after an arrival, unless the neuron may now fire in this window.
  void settle(std::uint32_t i, State& next, const AsideArrival& arrival) {
    const double safe = looks_.safe_until(i, next, arrival.at);
    if (safe >= clock().end().ticks) {
      neurons_.state(i) = next;
      looks_.schedule(i, safe);
    } else {
      attend(i, arrival.at);
      attended_.put_aside(i, arrival);
    }
  }

  void walk(Attended& attended, const Afferents& afferents) {
    const std::uint64_t before = neurons_.tally->counts.spikes;
    const typename Walk<M>::End end = walk_.walk(attended, afferents);
    count_unsettled(neurons_.tally->counts.spikes - before);
    if (end == Walk<M>::End::kBroken) return;
    const std::uint32_t i = attended.neuron;
    attended_.cool(attended);
    if (end == Walk<M>::End::kCrossesAtEnd) {
      crossed_.push_back(i);
      crossed_at_ = clock().time(clock().end());
    } else if (!drive_.is_on()) {
      looks_.schedule(i, looks_.safe_until(i, neurons_.state(i), clock().end()));
    }
  }

  LaneNeurons<M> neurons_;
  Looks<M> looks_;
  AttendedNeurons<M> attended_;
  typename DriveOf<M>::Type drive_;
  Walk<M> walk_;
  RowSweep<M> rows_;
  std::optional<SpreadArrivals> spread_;  // when some delays are synapses' own
  std::vector<std::uint32_t> crossed_;    // the threshold within half a tick before the last window's end
  Time crossed_at_;                       // that end
};

/// The lanes of a model: MakeLanes for its EventForm.
template <NeuronModel M>
std::vector<std::unique_ptr<Lane>> make_lanes(NeuronGroup& population, std::uint32_t number, Duration window,
                                              unsigned count) {
  auto& group = static_cast<NeuronsOf<M>&>(population);
  NeuronFace<M>::prepare(group);
  std::vector<std::unique_ptr<Lane>> lanes;
  for (std::uint64_t k = 0; k < count; ++k) {
    const auto first = static_cast<std::uint32_t>(std::uint64_t{group.size} * k / count);
    const auto last = static_cast<std::uint32_t>(std::uint64_t{group.size} * (k + 1) / count);
    lanes.push_back(std::make_unique<NeuronLane<M>>(group, number, first, last, window));
  }
  return lanes;
}

}  // namespace chronotope::events
