// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chronotope/events/lane/attended_neurons.hpp"
#include "chronotope/events/private_drive.hpp"

namespace chronotope::events {

/// The private trains of a lane's neurons while it goes through its windows.
///
/// No window reaches across the border of one of their slots, and every slot begins with a look at every neuron:
/// those that the whole slot's drive can not bring to the threshold are cold and have taken it, as are those that
/// hear nothing in the slot, which have lost it; the others are followed until its end: the arrivals of both kinds
/// are taken in order of time, and a refractory period is ended, as long as nothing of that can make the neuron
/// fire, which is hot from there on to the window's end.
///
/// Cost: a look at each neuron per slot, and what PrivateDrive takes.
template <DrivenNeuron M>
class LaneDrive {
 public:
  using State = typename M::State;
  using Pulse = typename M::Pulse;
  using Attended = typename AttendedNeurons<M>::Attended;

  LaneDrive(LaneNeurons<M>& neurons, AttendedNeurons<M>& attended) : neurons_(neurons), attended_(attended) {}

  bool can_draw(const SlotTrains& trains) const {
    return trains.length() <= neurons_.clock.step() &&
           PrivateDrive<M>::fits(trains, neurons_.all_parameters());
  }
  double largest_exponent(const SlotTrains& trains) const {
    return PrivateDrive<M>::largest_exponent(trains, neurons_.all_parameters());
  }
  /// From its begin until its end these trains are the drive. They outlive it.
  void expect(const PrivateInputs& inputs) {
    if (inputs.begin < inputs.end) trains_ = &inputs;
  }

  bool is_on() const { return drive_.has_value(); }
  /// When the trains begin.
  Time begin() const { return trains_ ? trains_->begin : Time::never(); }
  /// What a window that begins at `begin` may not reach across.
  Time limit(Time begin) const {
    if (!trains_) return Time::never();
    if (begin < trains_->begin) return trains_->begin;
    return trains_->slot_begin(trains_->slot(begin) + 1);
  }
  /// While a slot is open the origin stays: how far offsets go beyond a step.
  Offset reach() const { return trains_ ? trains_->length.offset() : Offset{}; }
  bool keeps_origin() const { return drive_ && drive_->is_open(); }
  void rebase() {
    if (drive_) drive_->rebase();
  }

  /// Turns it on when its trains have begun; whether that was now.
  bool start(Time now) {
    if (!trains_ || drive_ || now < trains_->begin) return false;
    drive_.emplace(*trains_, neurons_.first(), neurons_.size(), neurons_.all_parameters());
    was_looked_at_ = false;
    return true;
  }
  /// Turns it off when its trains have ended, and gives the neurons what it has; whether that was now.
  bool stop(Time now) {
    if (!drive_ || now < trains_->end) return false;
    for (std::uint32_t i = 0; i < neurons_.size(); ++i)
      neurons_.state(i) = together(i, neurons_.state(i), drive_->sum(i));
    drive_.reset();
    trains_ = nullptr;
    return true;
  }

  /// A neuron's constants are others from the next window's begin on: what was found for an open slot holds no more.
  void look_again(std::uint32_t i) {
    if (drive_ && was_looked_at_) changed_.push_back(i);
  }

  /// In the slot's first window, or after a run was loaded, looks at all neurons; in the others at those that are
  /// followed, or have changed.
  void begin_window() {
    if (!drive_) return;
    const Offset begin = neurons_.clock.begin();
    if (!drive_->is_open()) drive_->open(neurons_.clock.time(begin), neurons_.clock.origin());
    if constexpr (JumpingNeuron<M>) window_horizon_ = horizon(0, begin, neurons_.clock.end());
    to_follow_.clear();
    if (!std::exchange(was_looked_at_, true)) look_at_all();
    for (std::size_t h = 0; h < drive_->follower_count(); ++h)
      renew(attended_.attend(drive_->follower(h).neuron, begin), begin);
    for (const std::uint32_t i : changed_)
      if (!attended_.has(i)) to_follow_.push_back(i);
    changed_.clear();
    follow(to_follow_, begin);
  }
  void end_window() {
    if (!drive_ || neurons_.clock.time(neurons_.clock.end()) != drive_->end()) return;
    neurons_.tally->counts += drive_->close();
    was_looked_at_ = false;
  }

  /// Follows a cold neuron from t on, or finds it hot.
  void follow(std::uint32_t i, Offset t) { follow(std::span(&i, 1), t); }

  /// Takes a followed neuron to t, its private arrivals before that; false when it is hot, before or after.
  bool catch_up(Attended& attended, Offset t) {
    while (attended.followed) {
      const Offset next = next_arrival(attended);
      wake(attended, std::min(next, t));
      if (next >= t || !attended.followed) break;
      if (!M::is_refractory(attended.state)) {
        const Pulse kick = drive_->kick(follower(attended));
        if (!fits(attended, next, [&] { return M::reserve(attended.state, kick); })) return false;
      }
      take_arrival(attended);
    }
    return attended.followed;
  }
  /// An arrival at neuron i that its headroom did not hold; false when it has to be put aside.
  bool take(std::uint32_t i, Offset t, double w, const Pulse& kick) {
    if (!attended_.has(i)) follow(i, t);
    Attended& attended = attended_.of(i);
    if (!catch_up(attended, t)) return false;
    if (M::is_refractory(attended.state)) {
      M::receive(neurons_.parameters(i), attended.state, kick, w);
      return true;
    }
    return fits(attended, t, [&] { return M::absorb(attended.state, kick); });
  }

  /// When the neuron's train arrives next: maybe never in this slot.
  Offset next_arrival(const Attended& attended) const {
    return drive_ ? drive_->next(follower(attended)) : kNeverOffset;
  }
  /// Takes that arrival. In the refractory period it is for the state to decide what that means, and the drive begins
  /// anew after it.
  void take_arrival(Attended& attended) {
    const std::size_t f = follower(attended);
    const bool refractory = M::is_refractory(attended.state);
    if (refractory)
      M::receive(neurons_.parameters(attended.neuron), attended.state, drive_->kick(f), drive_->weight(f));
    drive_->advance(f);
    if (refractory) drive_->clear_sum(f);
  }
  /// The state and the drive in one.
  State together(const Attended& attended) const {
    if (!drive_) return attended.state;
    return together(attended.neuron, attended.state, drive_->follower(follower(attended)).sum);
  }
  /// The neuron has fired: its drive begins anew.
  void fired(const Attended& attended) {
    if (drive_) drive_->clear_sum(follower(attended));
  }
  /// Whether a neuron in the state s, the drive received, can not fire in this window if nothing arrives.
  bool stays_below(const State& s) const {
    if constexpr (JumpingNeuron<M>)
      return drive_ && neurons_.are_alike() && M::stays_below(s, window_horizon_);
    return false;
  }

  /// Adds what the trains have brought by now to the states of all neurons.
  void add_to(std::vector<State>& states, Time now) const {
    if (!drive_) return;
    const auto sums = drive_->progress(now).sum;
    for (std::uint32_t i = 0; i < states.size(); ++i) states[i] = together(i, states[i], sums[i]);
  }
  EventCounts uncounted(Time now) const { return drive_ ? drive_->progress(now).arrived : EventCounts(); }

  void save(std::string& trains) const {
    if (drive_) drive_->save(trains);
  }
  /// Takes from the begin of `trains` what is its own. Requires: the clock has its origin.
  void load(std::string_view& trains, Time now) {
    if (trains_ && now >= trains_->end) trains_ = nullptr;
    if (start(now)) drive_->load(trains, now, neurons_.clock.origin());
  }

 private:
  template <class Model>
  struct WindowHorizonOf {
    struct Type {};
  };
  template <JumpingNeuron Model>
  struct WindowHorizonOf<Model> {
    using Type = typename Model::Horizon;
  };

  /// What no look sees, because it does not know of the arrivals since the slot's begin, is followed.
  void look_at_all() {
    if (neurons_.size() == 0) return;
    const Offset begin = neurons_.clock.begin();
    const bool is_late = neurons_.clock.time(begin) > drive_->begin();
    const Offset slot_end = neurons_.clock.offset(drive_->end());
    const bool alike = neurons_.are_alike();
    auto h = horizon(0, begin, slot_end);
    State* const states = neurons_.states().data();
    for (std::uint32_t i = 0; i < neurons_.size(); ++i) {
      if (M::is_refractory(states[i])) [[unlikely]] {
        if (is_deaf(states[i], slot_end))
          drive_->lose(i);
        else
          to_follow_.push_back(i);
        continue;
      }
      if (!alike) h = horizon(i, begin, slot_end);
      if (!M::watch_driven(states[i], drive_->sum(i), drive_->in_slot(i), h) || is_late) [[unlikely]]
        to_follow_.push_back(i);
    }
    std::erase_if(to_follow_, [&](std::uint32_t i) { return drive_->is_followed(i); });
  }
  /// Whether whatever arrives until `end` is lost.
  static bool is_deaf(const State& s, Offset end) {
    if constexpr (JumpingNeuron<M>) return M::is_deaf(s) && M::ready(s) >= end;
    return false;
  }
  /// Of the time from t to `end`.
  auto horizon(std::uint32_t i, Offset t, Offset end) {
    return M::horizon(neurons_.parameters(i), neurons_.decay(i, t), end - t);
  }

  void follow(std::span<const std::uint32_t> neurons, Offset t) {
    drive_->follow(neurons);
    for (const std::uint32_t i : neurons) {
      Attended& attended = attended_.attend(i, t);
      while (next_arrival(attended) < t) take_arrival(attended);
      renew(attended, t);
    }
  }
  /// Neurons are attended in the order in which they are followed.
  std::size_t follower(const Attended& attended) const { return attended_.place(attended.neuron); }

  State together(std::uint32_t i, const State& s, const Pulse& drive) const {
    State sum = s;
    if (!M::is_refractory(s)) M::receive(neurons_.parameters(i), sum, drive, 0);
    return sum;
  }

  /// Whether the neuron need only be followed from t on.
  void renew(Attended& attended, Offset t) {
    neurons_.count_bound();
    attended.from = t;
    attended.followed = M::is_refractory(attended.state) ||
                        M::watch_driven(attended.state, drive_->follower(follower(attended)).sum, Pulse{},
                                        horizon(attended.neuron, t, neurons_.clock.end()));
  }
  /// Ends a followed neuron's refractory period that is over by `until`; is it hot then, its walk does that.
  void wake(Attended& attended, Offset until) {
    if (!M::is_refractory(attended.state)) return;
    const State asleep = attended.state;
    const Offset ready = NeuronFace<M>::leave_refractory(neurons_.parameters(attended.neuron), attended.state,
                                                         until, neurons_.clock.end());
    if (ready == kNeverOffset) return;
    renew(attended, ready);
    if (!attended.followed) attended.state = asleep;
  }
  /// Whether absorbs(), of an arrival at t, finds the headroom it needs, if need be after it was renewed; else
  /// the neuron is hot.
  template <class Absorbs>
  bool fits(Attended& attended, Offset t, Absorbs absorbs) {
    if (absorbs()) return true;
    renew(attended, t);
    attended.followed = attended.followed && absorbs();
    return attended.followed;
  }

  LaneNeurons<M>& neurons_;
  AttendedNeurons<M>& attended_;
  const PrivateInputs* trains_ = nullptr;  // until they stop
  std::optional<PrivateDrive<M>> drive_;   // from the slot of their first arrival until they stop
  bool was_looked_at_ = false;             // everybody, in the open slot
  typename WindowHorizonOf<M>::Type window_horizon_{};  // of neurons that are alike
  std::vector<std::uint32_t> to_follow_;
  std::vector<std::uint32_t> changed_;  // since the last window
};

/// Of a model whose neurons can have no private trains.
template <NeuronModel M>
class NoDrive {
 public:
  using State = typename M::State;
  using Attended = typename AttendedNeurons<M>::Attended;

  NoDrive(LaneNeurons<M>&, AttendedNeurons<M>&) {}

  static bool can_draw(const SlotTrains&) { return false; }
  static double largest_exponent(const SlotTrains&) { return 0; }
  static void expect(const PrivateInputs&) {}

  static constexpr bool is_on() { return false; }
  static Time begin() { return Time::never(); }
  static Time limit(Time) { return Time::never(); }
  static Offset reach() { return {}; }
  static bool keeps_origin() { return false; }
  static void rebase() {}
  static bool start(Time) { return false; }
  static bool stop(Time) { return false; }
  static void look_again(std::uint32_t) {}
  static void begin_window() {}
  static void end_window() {}

  static void follow(std::uint32_t, Offset) {}
  static bool catch_up(const Attended&, Offset) { return false; }
  template <class Pulse>
  static bool take(std::uint32_t, Offset, double, const Pulse&) {
    return false;
  }
  static Offset next_arrival(const Attended&) { return kNeverOffset; }
  static void take_arrival(const Attended&) {}
  static const State& together(const Attended& attended) { return attended.state; }
  static void fired(const Attended&) {}
  static bool stays_below(const State&) { return false; }

  static void add_to(const std::vector<State>&, Time) {}
  static EventCounts uncounted(Time) { return {}; }
  static void save(const std::string&) {}
  static void load(std::string_view, Time) {}
};

template <NeuronModel M>
struct DriveOf {
  using Type = NoDrive<M>;
};
template <DrivenNeuron M>
struct DriveOf<M> {
  using Type = LaneDrive<M>;
};

}  // namespace chronotope::events
