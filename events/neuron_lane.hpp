// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "chronotope/core/exponential.hpp"
#include "chronotope/core/neuron_group.hpp"
#include "chronotope/core/prefetch.hpp"
#include "chronotope/core/synapse_group.hpp"
#include "chronotope/events/arrival_batch.hpp"
#include "chronotope/events/check_agenda.hpp"
#include "chronotope/events/lane.hpp"
#include "chronotope/events/private_drive.hpp"
#include "chronotope/events/scan_schedule.hpp"
#include "chronotope/events/spread_arrivals.hpp"

namespace chronotope::events {

/// What only the lane of a SweptNeuron has.
template <class M>
struct SweptParts {
  struct Decay {};
  struct Pulse {};
};
template <SweptNeuron M>
struct SweptParts<M> {
  using Decay = typename M::Decay;
  using Pulse = typename M::Pulse;
};

/// What a ScannedNeuron's lane knows of a span or a window.
template <class M>
struct HorizonOf {
  struct Type {};
};
template <ScannedNeuron M>
struct HorizonOf<M> {
  using Type = typename M::Horizon;
};

/// The private trains of a DrivenNeuron; other models have none.
template <class M>
struct DriveOf {
  struct Type {};
};
template <DrivenNeuron M>
struct DriveOf<M> {
  using Type = PrivateDrive<M>;
};

/// The lane of a neuron model.
///
/// A neuron is either cold: it can not fire before the window's end, and its arrivals are added to its state
/// as they come; or hot: it may, its arrivals are put aside, and at the window's end it is walked through
/// them one instant after the other. While the population has private trains, no window reaches across the
/// border of one of their slots, and every slot begins with a look at every neuron: those that the whole
/// slot's drive can not bring to the threshold are cold and have taken it, as are those that hear nothing in
/// the slot, which have lost it; the others are followed until its end: the arrivals of both kinds are taken
/// in order of time, and a refractory period is ended, as long as nothing of that can make the neuron fire,
/// which is hot from there on to the window's end. What is cold, followed or hot, early or late, changes no
/// bit of a state.
///
/// A crossing lies between ticks. One that rounds to the window's end from before it makes its neuron fire
/// first of all in the next window, which begins there.
///
/// Invariants:
/// 1. Without a drive each neuron has a check on the agenda not later than the time up to which it can not fire
///    without further arrivals, if there is such a time.
/// 2. Between windows all neurons are cold.
/// 3. Offsets count from origin_, exact: of a window they lie in [0, step_], and a slot beyond with a drive.
/// Cost: a cold arrival of a SweptNeuron a few additions; a hot one, and any of a PointwiseNeuron, a bound;
/// with a drive a look at each neuron per slot.
template <NeuronModel M>
class NeuronLane final : public Lane {
 public:
  using State = typename M::State;

  /// Moves neurons [first, last) of `group`; `window` is the longest window there will be. Requires:
  /// prepare(group).
  NeuronLane(NeuronsOf<M>& group, std::uint32_t population, std::uint32_t first, std::uint32_t last,
             Duration window)
      : Lane(first, last),
        group_(&group),
        population_(population),
        first_(first),
        size_(last - first),
        slot_width_(std::min(slot_width(window), choose_step(group))),
        checks_(slot_width_, size_, Time(), Time()),
        scans_(size_, std::min(choose_step(group), Offset{ticks_of(group.parameters.is_shared() ? 2 : 4)})),
        attended_of_(size_, kCold),
        step_(choose_step(group)) {}

  Offset step() const override { return step_; }
  /// When a check is due, when the private trains begin, and while they go on when the last one ends.
  Time next_check() const override {
    if (drive_) return Time();
    if (!crossed_.empty()) return crossed_at_;
    return std::min({trains_ ? trains_->begin : Time::never(), scans_.next(), checks_.next()});
  }
  Time limit(Time begin) const override {
    const Time limit = scans_.limit(begin);
    if (!trains_) return limit;
    if (begin < trains_->begin) return std::min(limit, trains_->begin);
    return std::min(limit, trains_->slot_begin(trains_->slot(begin) + 1));
  }

  bool can_draw(const SlotTrains& trains) const override {
    if constexpr (DrivenNeuron<M>) return trains.length() <= step_ && Drive::fits(trains, group_->parameters);
    return false;
  }
  void drive(const PrivateInputs& inputs) override {
    if (inputs.begin < inputs.end) trains_ = &inputs;
  }

  void begin(const Window& window, Tally& tally) override {
    tally_ = &tally;
    move_origin(window.begin);
    begin_ = offset(window.begin);
    end_ = offset(window.end);
    if constexpr (DrivenNeuron<M>) {
      if (trains_ && !drive_ && window.begin >= trains_->begin) begin_drive();
      if (drive_ && window.begin >= trains_->end) end_drive();
    }
    if constexpr (ScannedNeuron<M>)
      if (!drive_) scan(window);
    take_checks(window.end);
    if constexpr (DrivenNeuron<M>)
      if (drive_) attend_driven();
    attend_crossed();
  }

  void expect_own_delays() override { spread_.emplace(first_, size_); }

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
        afferents.expect(NeuronId{first_ + attended_[next].neuron});
      if constexpr (DrivenNeuron<M>)
        if (drive_ && catch_up(attended_[h], end_)) {
          cool(attended_[h]);
          continue;
        }
      walk(attended_[h], afferents);
    }
    attended_.clear();
    arrivals_.clear();
    if constexpr (DrivenNeuron<M>)
      if (drive_ && time(end_) == drive_->end()) close_slot();
  }

  void halt(Time now) override {
    move_origin(now);
    begin_ = end_ = offset(now);
    if constexpr (DrivenNeuron<M>) {
      if (trains_ && !drive_ && now >= trains_->begin) begin_drive();
      if (drive_ && now >= trains_->end) end_drive();
    }
  }
  void save(Progress& progress) const override {
    progress.origin = origin_;
    if (!crossed_.empty()) progress.crossed_at = crossed_at_;
    for (const std::uint32_t i : crossed_) progress.crossed.push_back(first_ + i);
    if constexpr (DrivenNeuron<M>)
      if (drive_) drive_->save(progress.trains);
  }
  void load(const Progress& progress, std::string_view& trains, Time now) override {
    origin_ = progress.origin;
    begin_ = end_ = offset(now);
    const Offset open_slot = trains_ ? trains_->length.offset() : Offset{};  // until its end the origin stays
    if (begin_ < Offset{} || begin_ >= step_ + open_slot || origin_ < Time())
      throw InputError("state of lanes has its origin at another time");
    crossed_.clear();
    crossed_at_ = progress.crossed_at;
    for (const std::uint32_t n : progress.crossed)
      if (first_ <= n && n < last()) crossed_.push_back(n - first_);
    look_at_all_again(now);
    if constexpr (DrivenNeuron<M>) {
      if (trains_ && now >= trains_->end) trains_ = nullptr;
      if (trains_ && now >= trains_->begin) {
        begin_drive();
        drive_->load(trains, now, origin_);
      }
    }
  }

  std::vector<double> potentials(Time now) const override {
    const std::vector<State> states = states_at(now);
    std::vector<double> V;
    for (std::uint32_t i = 0; i < size_; ++i) V.push_back(potential(i, states[i], now));
    return V;
  }

  std::vector<double> currents(Time now, std::uint32_t receptor) const override {
    std::vector<double> I;
    if constexpr (HasCurrents<M, Offset> || HasCurrents<M, Time>) {
      const std::vector<State> states = states_at(now);
      for (std::uint32_t i = 0; i < size_; ++i) {
        if constexpr (HasCurrents<M, Offset>)
          I.push_back(M::synaptic_current(parameters(i), states[i], offset(now), receptor));
        else
          I.push_back(M::synaptic_current(parameters(i), states[i], now, receptor));
      }
    }
    return I;
  }

  EventCounts uncounted(Time now) const override {
    if constexpr (DrivenNeuron<M>)
      if (drive_) return drive_->progress(now).arrived;
    return {};
  }

  /// Prepares the parameters of a whole population, once, before lanes are made for it.
  static void prepare(NeuronsOf<M>& group) {
    if constexpr (SweptNeuron<M>) {
      const Offset step = choose_step(group);
      for (auto& p : group.parameters.values()) M::set_origin_step(p, step);
    }
  }

 private:
  using Drive = typename DriveOf<M>::Type;
  using Pulse = typename SweptParts<M>::Pulse;

  static constexpr std::uint32_t kCold = std::numeric_limits<std::uint32_t>::max();
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
  static constexpr double kInfinity = std::numeric_limits<double>::infinity();
  static constexpr std::size_t kAhead = 12;  // neurons whose memory is asked for before they are needed

  /// A row segment that arrives here.
  struct Arriving {
    SynapseGroup& projection;
    const Delivery& delivery;
    std::uint32_t number;  // of the delivery in its window
    IdRange<SynapseId> synapses;
  };

  /// An arrival put aside: of known weight, or (delivery != kNone) at a plastic synapse.
  struct Arrival {
    Offset at;
    double weight;
    std::uint64_t synapse;
    std::uint32_t delivery;
    std::uint32_t receptor;
    std::uint32_t next;
  };
  struct Attended {
    std::uint32_t neuron;
    std::uint32_t first;  // of its arrivals, in time order
    std::uint32_t last;
    Offset from;    // where its walk starts
    bool followed;  // else hot
    bool crossed;   // the threshold before the window's begin, to which that rounds
    State state;
  };

  /// A crossing, or a bound of one, in ticks from origin_.
  struct Crossing {
    Offset at;  // the nearest tick
    double beyond = 0;
    bool is_crossing = false;

    bool is_lost() const { return std::isnan(beyond); }
    bool is_before(Offset t) const { return at < t || (at == t && beyond < 0); }
    /// The last tick that is not after it.
    Offset floor() const { return beyond < 0 ? at - kTick : at; }
  };

  /// Slots about as long as a window, unless that is absurdly short.
  static Offset slot_width(Duration window) {
    return {ticks_of(std::max(0x1p-10, std::ldexp(1, std::ilogb(window.ms()))))};
  }

  /// A shared membrane's origin moves about every 32 of its shortest time constants, but before offsets are
  /// coarser than spike times; heterogeneous ones agree on 4 ms unless one of them is so short that its
  /// exponential would overflow.
  static Offset choose_step(const NeuronsOf<M>& group) {
    if constexpr (SweptNeuron<M>) {
      if (group.size == 0) return {kTicksPerEpoch};
      double fastest = kInfinity;
      for (const auto& p : group.parameters.values()) fastest = std::min(fastest, M::fastest(p));
      const double longest = group.parameters.is_shared() ? 32 * fastest : std::min(4.0, 500 * fastest);
      return {ticks_of(std::min(kEpochMs / 2, std::ldexp(1, std::ilogb(longest))))};
    } else {
      return {kTicksPerEpoch};
    }
  }

  /// Those of all neurons, with what their private trains have brought.
  std::vector<State> states_at(Time now) const {
    std::vector<State> states(group_->states.begin() + first_, group_->states.begin() + last());
    if constexpr (DrivenNeuron<M>)
      if (drive_) {
        const auto sums = drive_->progress(now).sum;
        for (std::uint32_t i = 0; i < size_; ++i) states[i] = together(parameters(i), states[i], sums[i]);
      }
    return states;
  }

  double potential(std::uint32_t i, const State& s, Time now) const {
    if constexpr (SweptNeuron<M>)
      return M::potential(parameters(i), s, offset(now));
    else
      return M::potential(parameters(i), s, now);
  }

  const typename M::Parameters& parameters(std::uint32_t i) const {
    return group_->parameters[NeuronId{first_ + i}];
  }
  State& state(std::uint32_t i) { return group_->states[first_ + i]; }
  Offset offset(Time t) const { return t.since(origin_); }
  Time time(Offset offset) const { return origin_ + offset; }

  /// Every neuron has a check now, as at the begin of a run.
  void look_at_all_again(Time now) {
    checks_ = CheckAgenda(slot_width_, size_, origin_, now);
    scans_.stop();
  }

  /// Not while a slot is open: until its end offsets may be longer than a step.
  void move_origin(Time begin) {
    if constexpr (DrivenNeuron<M>)
      if (drive_ && drive_->is_open()) return;
    if (offset(begin) < step_) return;
    const Duration step = Duration::from_ticks(step_.ticks);
    const std::int64_t steps = floor_ratio(begin - origin_, step);
    if constexpr (SweptNeuron<M>) {
      constexpr std::int64_t kPatience = 64;
      for (std::int64_t k = 1; k <= steps; ++k) {
        rebase_all();
        if (k % kPatience == 0 && has_settled()) break;
      }
    }
    origin_ = origin_ + steps * step;
    checks_.set_origin(origin_);
  }

  void begin_drive() requires DrivenNeuron<M> {
    drive_.emplace(*trains_, first_, size_, group_->parameters);
    was_looked_at_ = false;
    checks_.cancel_all();
    scans_.stop();
    scanned_to_ = kNeverOffset;
  }

  /// From now on the neurons are looked at when that is due, which is now.
  void end_drive() requires DrivenNeuron<M> {
    for (std::uint32_t i = 0; i < size_; ++i) {
      state(i) = together(parameters(i), state(i), drive_->sum(i));
      checks_.schedule_at(i, time(begin_));
    }
    drive_.reset();
    trains_ = nullptr;
  }

  /// In the slot's first window, or after a run was loaded, all neurons; in the others those that are followed.
  void attend_driven() requires DrivenNeuron<M> {
    if (!drive_->is_open()) drive_->open(time(begin_), origin_);
    if constexpr (JumpingNeuron<M>) window_horizon_ = horizon(0, begin_, end_);
    to_follow_.clear();
    if (!std::exchange(was_looked_at_, true)) look_at_driven();
    for (std::size_t h = 0; h < drive_->follower_count(); ++h) {
      attend(drive_->follower(h).neuron, begin_);
      renew(attended_.back(), begin_);
    }
    follow(to_follow_, begin_);
  }

  /// What no look sees, because it does not know of the arrivals since the slot's begin, is followed.
  void look_at_driven() requires DrivenNeuron<M> {
    if (size_ == 0) return;
    const bool is_late = time(begin_) > drive_->begin();
    const Offset slot_end = offset(drive_->end());
    const bool shared = group_->parameters.is_shared();
    auto h = horizon(0, begin_, slot_end);
    State* const states = group_->states.data() + first_;
    for (std::uint32_t i = 0; i < size_; ++i) {
      if (M::is_refractory(states[i])) [[unlikely]] {
        if (is_deaf(states[i], slot_end))
          drive_->lose(i);
        else
          to_follow_.push_back(i);
        continue;
      }
      if (!shared) h = horizon(i, begin_, slot_end);
      if (!M::watch_driven(states[i], drive_->sum(i), drive_->in_slot(i), h) || is_late) [[unlikely]]
        to_follow_.push_back(i);
    }
    std::erase_if(to_follow_, [&](std::uint32_t i) { return drive_->is_followed(i); });
  }

  void close_slot() requires DrivenNeuron<M> {
    tally_->counts += drive_->close();
    was_looked_at_ = false;
  }

  /// Whether whatever arrives until `end` is lost.
  static bool is_deaf(const State& s, Offset end) {
    if constexpr (JumpingNeuron<M>) return M::is_deaf(s) && M::ready(s) >= end;
    return false;
  }

  /// Of the time from t to `end`.
  auto horizon(std::uint32_t i, Offset t, Offset end) requires DrivenNeuron<M> {
    return M::horizon(parameters(i), decay(i, t), end - t);
  }

  /// The state and the drive in one.
  static State together(const typename M::Parameters& p, const State& s,
                        const Pulse& drive) requires DrivenNeuron<M> {
    State sum = s;
    if (!M::is_refractory(s)) M::receive(p, sum, drive, 0);
    return sum;
  }
  State together(const Attended& attended) const {
    if constexpr (DrivenNeuron<M>)
      if (drive_) return together(parameters(attended.neuron), attended.state, private_sum(attended));
    return attended.state;
  }
  /// Neurons are attended in the order in which they are followed.
  std::size_t follower(const Attended& attended) const { return attended_of_[attended.neuron]; }
  const Pulse& private_sum(const Attended& attended) const requires DrivenNeuron<M> {
    return drive_->follower(follower(attended)).sum;
  }

  /// Follows cold neurons from t on, or finds them hot.
  void follow(std::span<const std::uint32_t> neurons, Offset t) requires DrivenNeuron<M> {
    drive_->follow(neurons);
    for (const std::uint32_t i : neurons) {
      attend(i, t);
      Attended& attended = attended_.back();
      while (next_private(attended) < t) take_private(attended);
      renew(attended, t);
    }
  }

  /// Whether the neuron need only be followed from t on.
  void renew(Attended& attended, Offset t) requires DrivenNeuron<M> {
    const std::uint32_t i = attended.neuron;
    ++tally_->exactness.bounds_evaluated;
    attended.from = t;
    attended.followed = M::is_refractory(attended.state) ||
                        M::watch_driven(attended.state, private_sum(attended), Pulse{}, horizon(i, t, end_));
  }

  /// Ends a followed neuron's refractory period that is over by `until`; is it hot then, its walk does that.
  void wake(Attended& attended, Offset until) requires DrivenNeuron<M> {
    if (!M::is_refractory(attended.state)) return;
    const State asleep = attended.state;
    const Offset ready = leave_refractory(attended.neuron, attended.state, until);
    if (ready == kNeverOffset) return;
    renew(attended, ready);
    if (!attended.followed) attended.state = asleep;
  }

  /// Whether take(), of an arrival at t, finds the headroom it needs, if need be after it was renewed; else
  /// the neuron is hot.
  template <class Take>
  bool fits(Attended& attended, Offset t, Take take) requires DrivenNeuron<M> {
    if (take()) return true;
    renew(attended, t);
    attended.followed = attended.followed && take();
    return attended.followed;
  }

  /// Takes a followed neuron to t, its private arrivals before that; false when it is hot, before or after.
  bool catch_up(Attended& attended, Offset t) requires DrivenNeuron<M> {
    while (attended.followed) {
      const Offset next = next_private(attended);
      wake(attended, std::min(next, t));
      if (next >= t || !attended.followed) break;
      if (!M::is_refractory(attended.state)) {
        const Pulse kick = drive_->kick(follower(attended));
        if (!fits(attended, next, [&] { return M::reserve(attended.state, kick); })) return false;
      }
      take_private(attended);
    }
    return attended.followed;
  }

  /// Takes the next private arrival. In the refractory period it is for the state to decide what that means,
  /// and the drive begins anew after it.
  void take_private(Attended& attended) requires DrivenNeuron<M> {
    const std::size_t f = follower(attended);
    const bool refractory = M::is_refractory(attended.state);
    if (refractory)
      M::receive(parameters(attended.neuron), attended.state, drive_->kick(f), drive_->weight(f));
    drive_->advance(f);
    if (refractory) drive_->clear_sum(f);
  }

  /// An arrival at a driven neuron that its headroom did not hold; false when it has to be put aside.
  bool take_followed(Attended& attended, Offset t, double w, const Pulse& kick) requires DrivenNeuron<M> {
    if (!catch_up(attended, t)) return false;
    if (M::is_refractory(attended.state)) {
      M::receive(parameters(attended.neuron), attended.state, kick, w);
      return true;
    }
    return fits(attended, t, [&] { return M::absorb(attended.state, kick); });
  }

  /// The end of the window for a neuron that was followed or walked.
  void cool(const Attended& attended) {
    state(attended.neuron) = attended.state;
    attended_of_[attended.neuron] = kCold;
  }

  void rebase_all() {
    if constexpr (DrivenNeuron<M>)
      if (drive_) drive_->rebase();
    for (std::uint32_t i = 0; i < size_; ++i) M::rebase(parameters(i), state(i));
  }
  /// Nothing would change any more, however often the origin moves: everything has decayed.
  bool has_settled() {
    for (std::uint32_t i = 0; i < size_; ++i) {
      State moved = state(i);
      M::rebase(parameters(i), moved);
      if (std::memcmp(&moved, &state(i), sizeof(State)) != 0) return false;
    }
    return true;
  }

  /// Looks at all neurons at once, when that is cheaper than one by one.
  void scan(const Window& window) requires ScannedNeuron<M> {
    const ScanSchedule::Step step = scans_.advance(window.begin, window.end);
    scanned_to_ = scans_.is_on() ? offset(scans_.end()) : kNeverOffset;
    switch (step) {
      case ScanSchedule::Step::kNone:
        return;
      case ScanSchedule::Step::kScan:
        return watch_all();
      case ScanSchedule::Step::kStop:
        for (std::uint32_t i = 0; i < size_; ++i)
          if (!M::is_refractory(state(i))) review(i);
        scans_.forget_looks();
    }
  }

  void watch_all() requires ScannedNeuron<M> {
    const auto& parameters = group_->parameters;
    const Offset span = scanned_to_ - begin_;
    const std::span<State> states = std::span(group_->states).subspan(first_, size_);
    if (parameters.is_shared()) {
      const auto& p = parameters[NeuronId{0}];
      return M::watch_all(states, M::horizon(p, M::decay(p, begin_), span),
                          [this](std::size_t i) { review(static_cast<std::uint32_t>(i)); });
    }
    const auto horizons = horizons_until(span);
    for (std::uint32_t i = 0; i < size_; ++i)
      if (!M::is_refractory(states[i]) && !M::watch_until(states[i], horizons[i])) review(i);
  }

  /// Of all neurons, for so long from the window's begin. Spans that begin at the origin are equally long as a
  /// rule, and what was found for one serves the next.
  std::span<const typename HorizonOf<M>::Type> horizons_until(Offset span) requires ScannedNeuron<M> {
    const bool begins_at_origin = begin_ == Offset{};
    if (begins_at_origin && span == horizons_span_) return horizons_;
    horizons_span_ = begins_at_origin ? span : Offset{};
    horizons_.clear();
    for (std::uint32_t i = 0; i < size_; ++i) {
      const auto& p = parameters(i);
      horizons_.push_back(
          M::horizon(p, begins_at_origin ? M::decay_at_origin(p) : M::decay(p, begin_), span));
    }
    return horizons_;
  }

  void take_checks(Time end) {
    const std::span<const std::uint32_t> due = checks_.take_until(end, tally_->counts);
    for (std::size_t k = 0; k < due.size(); ++k) {
      if (k + kAhead < due.size()) prefetch_line(&state(due[k + kAhead]));
      review(due[k]);
    }
  }

  void review(std::uint32_t i) {
    const double safe = safe_until(i, state(i), begin_);
    if (safe < end_.ticks)
      attend(i, begin_);
    else
      schedule(i, safe);
  }

  /// Ticks from origin_, not rounded to whole ones, up to which neuron i in state s certainly does not fire
  /// if nothing arrives that absorb refuses.
  double safe_until(std::uint32_t i, State& s, Offset t) {
    scans_.count_look();
    ++tally_->exactness.bounds_evaluated;
    if constexpr (SweptNeuron<M>) {
      if (M::is_refractory(s)) return M::ready(s).ticks;
      const auto now = decay(i, t);
      if (watch_to_scan(i, s, now, t)) return scanned_to_.ticks;
      return ticks_of(M::watch(parameters(i), s, now, t));
    } else {
      return crossing(i, s, t).floor().ticks;
    }
  }

  template <class Decay>
  bool watch_to_scan(std::uint32_t i, State& s, const Decay& now, Offset t) {
    if constexpr (ScannedNeuron<M>) {
      const auto& p = parameters(i);
      return scanned_to_ < kNeverOffset && M::watch_until(s, M::horizon(p, now, scanned_to_ - t));
    }
    return false;
  }

  /// Of a population with shared constants the decays at one time serve all its neurons.
  template <class Model = M>
  typename Model::Decay decay(std::uint32_t i, Offset t) {
    if (!group_->parameters.is_shared()) return M::decay(parameters(i), t);
    if (t != memo_.at || origin_ != memo_.origin) memo_ = {t, origin_, M::decay(parameters(i), t)};
    return memo_.decay;
  }

  /// The first crossing from t on, or a bound.
  Crossing crossing(std::uint32_t i, const State& s, Offset t) const {
    if constexpr (SweptNeuron<M>) {
      const CrossingBound found = M::crossing_bound(parameters(i), s, t);
      if (found.ms == kInfinity) return {kNeverOffset};
      if (std::isnan(found.ms)) return {t, found.ms};
      const Offset at{nearest_whole(ticks_of(found.ms))};
      return {at, found.is_crossing ? ticks_of(found.ms - at.ms()) : 0, found.is_crossing};
    } else {
      const CrossingTime found = M::crossing_bound(parameters(i), s, time(t));
      if (found.at.is_never()) return {kNeverOffset};
      return {offset(found.at), found.beyond, found.is_crossing};
    }
  }

  /// Puts neuron i's check so many ticks from origin_, or hardly before.
  void schedule(std::uint32_t i, double at) {
    if (at < kNeverOffset.ticks && !is_scanned_before(i, at))
      checks_.schedule(i, at);
    else
      checks_.cancel(i);
  }

  bool is_scanned_before(std::uint32_t i, double at) {
    if constexpr (ScannedNeuron<M>) return at >= scanned_to_.ticks && !M::is_refractory(state(i));
    return false;
  }

  void attend(std::uint32_t i, Offset from) {
    checks_.cancel(i);
    attended_of_[i] = static_cast<std::uint32_t>(attended_.size());
    attended_.push_back({i, kNone, kNone, from, false, false, state(i)});
    if constexpr (SweptNeuron<M>) M::block(state(i));
  }

  /// Those that crossed the threshold at the very end of the last window are hot.
  void attend_crossed() {
    for (const std::uint32_t i : crossed_) {
      if (attended_of_[i] == kCold) {
        if constexpr (DrivenNeuron<M>)
          if (drive_) follow(std::span(&i, 1), begin_);
        if (attended_of_[i] == kCold) attend(i, begin_);
      }
      attended_[attended_of_[i]].followed = false;
      attended_[attended_of_[i]].crossed = true;
    }
    crossed_.clear();
  }

  void put_aside(std::uint32_t i, const Arrival& arrival) {
    Attended& attended = attended_[attended_of_[i]];
    const auto place = static_cast<std::uint32_t>(arrivals_.size());
    (attended.first == kNone ? attended.first : arrivals_[attended.last].next) = place;
    attended.last = place;
    arrivals_.push_back(arrival);
  }

  /// Whether neuron i may fire before t, an arrival's.
  bool is_hot(std::uint32_t i, [[maybe_unused]] Offset t) {
    if (attended_of_[i] == kCold) return false;
    if constexpr (DrivenNeuron<M>)
      if (drive_) return !catch_up(attended_[attended_of_[i]], t);
    return true;
  }

  /// Calls take(targets, weights) with what the synapses transmit, as many at once as lie side by side; the
  /// arrivals at plastic synapses of hot neurons, which may fire before them, are put aside.
  template <class Take>
  void for_each_run(const Arriving& row, Take take) {
    auto& [projection, delivery, number, synapses] = row;
    if (synapses.empty()) return;
    const SegmentId g{delivery.segment};
    const Connectivity& connectivity = projection.connectivity();
    const bool plastic = projection.is_plastic();
    SynapseGroup::Row common;
    projection.open(common, NeuronId{delivery.source}, delivery.emitted, connectivity.delay(g));
    const Offset t = offset(delivery.time);
    const std::uint32_t* const targets = connectivity.targets();
    std::array<double, kManyArrivals> weights;
    std::uint64_t s = index(synapses.front());
    for (const std::uint64_t end = s + synapses.size(); s != end;) {
      const std::uint64_t first = s;
      const std::uint64_t most = std::min(end, first + kManyArrivals);
      while (s != most && !(plastic && is_hot(targets[s] - first_, t))) ++s;
      if (s == first) {
        put_aside(targets[s] - first_, {t, 0, s, number, projection.receptor(), kNone});
        ++s;
        continue;
      }
      const std::span run(targets + first, s - first);
      const std::span transmitted = std::span(weights).first(run.size());
      projection.arrive_all(SynapseId{first}, run, common, transmitted);
      take(run, std::span<const double>(transmitted));
    }
  }

  /// A segment, whose arrivals are simultaneous.
  void sweep(SynapseGroup& projection, const Delivery& delivery, std::uint32_t number) {
    const Arriving row{projection, delivery, number,
                       projection.connectivity().synapses(SegmentId{delivery.segment}, first_, last())};
    tally_->counts.synaptic_events += row.synapses.size();
    if constexpr (SweptNeuron<M>) {
      if (!group_->parameters.is_shared()) return sweep_each(row);
      if (const double* weight = projection.shared_weight()) return sweep_equal(row, *weight);
      sweep_shared(row);
    } else {
      const Offset t = offset(delivery.time);
      for_each_run(row, [&](std::span<const std::uint32_t> targets, std::span<const double> weights) {
        for (std::size_t k = 0; k < targets.size(); ++k)
          arrive(targets[k] - first_, t, weights[k], projection.receptor());
      });
    }
  }

  /// The window's deliveries, all of which are known now.
  void sweep_postponed(const Afferents& afferents) {
    if (spread_->is_spread()) {
      Sweeping lane{*this};
      tally_->counts.synaptic_events += spread_->sweep(afferents, origin_, begin_, end_, lane);
    } else {
      for (const auto& [number, next] : spread_->postponed()) {
        const Delivery& delivery = afferents.deliveries()[number];
        sweep(afferents.projection(delivery), delivery, number);
      }
    }
    spread_->clear();
  }

  /// This lane, as SpreadArrivals sees it.
  struct Sweeping {
    NeuronLane& lane;

    void take(ArrivalBatch& batch) { lane.take(batch); }
    bool is_hot(std::uint32_t i, Offset t) { return lane.is_hot(i, t); }
    void put_aside(std::uint32_t i, Offset t, SynapseId s, std::uint32_t delivery, std::uint32_t receptor) {
      lane.put_aside(i, {t, 0, index(s), delivery, receptor, kNone});
    }
  };

  /// Takes arrivals of known weight, of each target in order of time, and empties the batch.
  void take(ArrivalBatch& batch) {
    if constexpr (SweptNeuron<M>) {
      std::array<std::array<double, M::kExponentials>, kManyArrivals> e;
      for (std::size_t k = 0; k < batch.size; ++k)
        e[k] = M::exponents(parameters(batch.neuron[k]), batch.at[k], batch.weight[k]);
      exp_all(std::span(e.front().data(), batch.size * M::kExponentials));
      for (std::size_t k = 0; k < batch.size; ++k) {
        const std::uint32_t i = batch.neuron[k];
        const double w = batch.weight[k];
        const Pulse kick = w * M::pulse(parameters(i), e[k], batch.at[k], w);
        if (!M::absorb(state(i), kick)) overflow(i, batch.at[k], w, kick);
      }
    } else {
      for (std::size_t k = 0; k < batch.size; ++k)
        arrive(batch.neuron[k], batch.at[k], batch.weight[k], batch.receptor[k]);
    }
    batch.size = 0;
  }

  /// One weight, one set of constants: every target gets the same kick.
  void sweep_equal(const Arriving& row, double w) {
    const Offset t = offset(row.delivery.time);
    const Pulse kick = w * pulse(group_->parameters[NeuronId{0}], t, w);
    if (row.synapses.empty()) return;
    State* const states = group_->states.data();
    const std::uint32_t* target = row.projection.connectivity().targets() + index(row.synapses.front());
    const std::uint32_t* const end = target + row.synapses.size();
    for (; target != end; ++target) {
      if (static_cast<std::size_t>(end - target) > kAhead) __builtin_prefetch(states + target[kAhead], 1);
      if (!M::absorb(states[*target], kick)) [[unlikely]]
        overflow(*target - first_, t, w, kick);
    }
  }

  /// One set of constants: one pulse per sign of the weight.
  void sweep_shared(const Arriving& row) {
    const auto& p = group_->parameters[NeuronId{0}];
    const Offset t = offset(row.delivery.time);
    State* const states = group_->states.data();
    const std::array<Pulse, 2> unit{pulse(p, t, -1), pulse(p, t, 1)};
    for_each_run(row, [&](std::span<const std::uint32_t> targets, std::span<const double> weights) {
      for (std::size_t k = 0; k < targets.size(); ++k) {
        const double w = weights[k];
        const Pulse kick = w * unit[w > 0 ? 1 : 0];
        if (!M::absorb(states[targets[k]], kick)) overflow(targets[k] - first_, t, w, kick);
      }
    });
  }

  /// Constants of their own: the exponentials of many targets are computed together.
  void sweep_each(const Arriving& row) {
    const Offset t = offset(row.delivery.time);
    std::array<std::array<double, M::kExponentials>, kManyArrivals> e;
    for_each_run(row, [&](std::span<const std::uint32_t> targets, std::span<const double> weights) {
      for (std::size_t k = 0; k < targets.size(); ++k)
        e[k] = M::exponents(group_->parameters[NeuronId{targets[k]}], t, weights[k]);
      exp_all(std::span(e.front().data(), targets.size() * M::kExponentials));
      for (std::size_t k = 0; k < targets.size(); ++k) {
        const double w = weights[k];
        const Pulse kick = w * M::pulse(group_->parameters[NeuronId{targets[k]}], e[k], t, w);
        if (!M::absorb(group_->states[targets[k]], kick)) overflow(targets[k] - first_, t, w, kick);
      }
    });
  }

  static auto pulse(const typename M::Parameters& p, Offset t, double w) {
    auto e = M::exponents(p, t, w);
    exp_all(e);
    return M::pulse(p, e, t, w);
  }

  /// An arrival that absorb refused: the neuron is hot, refractory, or its headroom has to be renewed.
  [[gnu::noinline]] void overflow(std::uint32_t i, Offset t, double w, Pulse kick) {
    if constexpr (DrivenNeuron<M>)
      if (drive_) {
        if (attended_of_[i] == kCold) follow(std::span(&i, 1), t);
        if (take_followed(attended_[attended_of_[i]], t, w, kick)) return;
      }
    if (attended_of_[i] != kCold) return put_aside(i, {t, w, 0, kNone, 0, kNone});
    State next = state(i);
    M::receive(parameters(i), next, kick, w);
    settle_arrival(i, t, next, {t, w, 0, kNone, 0, kNone});
  }

  /// An arrival at a PointwiseNeuron.
  void arrive(std::uint32_t i, Offset t, double w, std::uint32_t receptor) {
    const Arrival arrival{t, w, 0, kNone, receptor, kNone};
    if (attended_of_[i] != kCold) return put_aside(i, arrival);
    State next = state(i);
    receive(i, next, arrival);
    settle_arrival(i, t, next, arrival);
  }

  /// Keeps the state `next` after an arrival, unless the neuron may now fire in this window.
  void settle_arrival(std::uint32_t i, Offset t, State& next, const Arrival& arrival) {
    const double safe = safe_until(i, next, t);
    if (safe >= end_.ticks) {
      state(i) = next;
      schedule(i, safe);
    } else {
      attend(i, t);
      put_aside(i, arrival);
    }
  }

  void receive(std::uint32_t i, State& s, const Arrival& a) {
    const auto& p = parameters(i);
    if constexpr (SweptNeuron<M>)
      M::receive(p, s, a.weight * pulse(p, a.at, a.weight), a.weight);
    else if constexpr (HasReceptors<M>)
      M::receive(p, s, time(a.at), a.weight, a.receptor);
    else
      M::receive(p, s, time(a.at), a.weight);
  }

  /// One hot neuron, instant by instant: crossings up to the next arrivals, these together, and so on.
  void walk(Attended& attended, const Afferents& afferents) {
    const std::uint32_t i = attended.neuron;
    State& s = attended.state;
    Offset t = attended.from;
    bool smooth = t > Offset{} || origin_ > Time();  // at 0 a neuron may start above threshold
    Offset again = kNeverOffset;                     // where no spike may be unless something arrives before
    const auto spike = [&](Offset at) {
      fire(attended, at, smooth || at > t, afferents);
      t = again = at + kTick;  // one spike per instant
      smooth = true;
    };
    if (attended.crossed) spike(begin_);
    bool has_fired_there = false;  // at the arrivals just taken
    for (std::uint32_t next = attended.first;;) {
      const Offset until =
          std::min({end_, next == kNone ? kNeverOffset : arrivals_[next].at, next_private(attended)});
      if (const Offset left = leave_refractory(i, s, until); left < kNeverOffset) {
        t = std::max(t, left);
        smooth = false;  // kept jumps
        has_fired_there = false;
      }
      // If these brought V to the threshold again, that spike, a tick later, comes before what arrives then.
      if (std::exchange(has_fired_there, false) && next_crossing(attended, t - kTick, t) < kNeverOffset) {
        if (t == end_) return cross_at_end(attended);
        spike(t);
        continue;
      }
      if (const Offset crossing = next_crossing(attended, t, until); crossing < kNeverOffset) {
        if (crossing == end_) return cross_at_end(attended);
        if (crossing == again) return break_down(i, crossing, "fires again within 1e-12 ms");
        spike(crossing);
        continue;
      }
      if (until == end_) break;
      has_fired_there = until < t;
      t = std::max(t, until);
      again = kNeverOffset;
      smooth = false;
      for (; next != kNone && arrivals_[next].at == until; next = arrivals_[next].next) {
        Arrival& a = arrivals_[next];
        if (a.delivery != kNone)
          a.weight = afferents.transmit(a.delivery, SynapseId{a.synapse}, NeuronId{first_ + i});
        receive(i, s, a);
      }
      if constexpr (DrivenNeuron<M>)
        while (next_private(attended) == until) take_private(attended);
    }
    cool(attended);
    if (drive_) return;
    schedule(i, safe_until(i, state(i), end_));
  }

  /// The neuron has crossed the threshold in the window; its spike, rounded, is at its end.
  void cross_at_end(const Attended& attended) {
    cool(attended);
    crossed_.push_back(attended.neuron);
    crossed_at_ = time(end_);
  }

  Offset next_private(const Attended& attended) const {
    if constexpr (DrivenNeuron<M>)
      if (drive_) return drive_->next(follower(attended));
    return kNeverOffset;
  }

  /// Ends a refractory period that is over by `until`; returns when that is, else kNeverOffset.
  Offset leave_refractory(std::uint32_t i, State& s, Offset until) {
    if constexpr (SweptNeuron<M>) {
      if (!M::is_refractory(s)) return kNeverOffset;
      const Offset ready = M::ready(s);
      if (ready > until || ready >= end_) return kNeverOffset;
      M::end_refractory(parameters(i), s, ready);
      return ready;
    }
    return kNeverOffset;
  }

  /// The tick nearest to the first crossing in [t, until), which may be `until`; else kNeverOffset.
  Offset next_crossing(const Attended& attended, Offset t, Offset until) {
    const State s = together(attended);
    if constexpr (SweptNeuron<M>)
      if (M::is_refractory(s)) return kNeverOffset;
    if constexpr (JumpingNeuron<M>)
      if (drive_ && group_->parameters.is_shared() && M::stays_below(s, window_horizon_)) return kNeverOffset;
    constexpr int kMostBounds = 10'000;
    for (int bounds = 0; t < until; ++bounds) {
      ++tally_->exactness.bounds_evaluated;
      const Crossing next = crossing(attended.neuron, s, t);
      if (next.is_lost() || bounds == kMostBounds) {
        break_down(attended.neuron, t,
                   "when it fires next was not found in 10000 steps, or its state is not a finite number");
        return kNeverOffset;
      }
      if (!next.is_before(until)) return kNeverOffset;
      if (next.is_crossing) return next.at;
      t = next.at;
    }
    return kNeverOffset;
  }

  void break_down(std::uint32_t i, Offset t, const char* what) {
    const Breakdown found{time(t), population_, first_ + i, what};
    if (!tally_->breakdown || found < *tally_->breakdown) tally_->breakdown = found;
  }

  void fire(Attended& attended, Offset t, bool smooth, const Afferents& afferents) {
    const std::uint32_t i = attended.neuron;
    State& s = attended.state;
    s = together(attended);
    if constexpr (DrivenNeuron<M>)
      if (drive_) drive_->clear_sum(follower(attended));
    if (smooth) tally_->exactness.record_root(std::abs(excess(i, s, t)));
    const Time now = time(t);
    if constexpr (SweptNeuron<M>)
      M::fire(parameters(i), s, t);
    else
      M::fire(parameters(i), s, now);
    ++tally_->counts.spikes;
    afferents.fired(NeuronId{first_ + i}, now);
    count_unsettled();
    tally_->spikes.push_back({now, population_, first_ + i});
  }

  double excess(std::uint32_t i, const State& s, Offset t) const {
    const auto& p = parameters(i);
    if constexpr (SweptNeuron<M>)
      return M::excess(p, s, t);
    else
      return M::potential(p, s, time(t)) - M::threshold(p, s, time(t));
  }

  /// The latest decay that was computed.
  struct DecayMemo {
    Offset at{-1};
    Time origin;
    typename SweptParts<M>::Decay decay{};
  };

  NeuronsOf<M>* group_;
  std::uint32_t population_;
  std::uint32_t first_;
  std::uint32_t size_;
  Offset slot_width_;
  CheckAgenda checks_;
  ScanSchedule scans_;
  Offset scanned_to_ = kNeverOffset;        // everybody was looked at for the time up to there
  const PrivateInputs* trains_ = nullptr;   // until they stop
  std::optional<Drive> drive_;              // from the slot of their first arrival until they stop
  bool was_looked_at_ = false;              // everybody, in the open slot
  std::vector<std::uint32_t> attended_of_;  // place in attended_, or kCold
  Offset step_;
  Time origin_;  // at the begin of a slot
  Offset begin_;
  Offset end_;
  Tally* tally_ = nullptr;
  DecayMemo memo_;
  typename HorizonOf<M>::Type window_horizon_{};       // with a drive and shared constants
  std::vector<typename HorizonOf<M>::Type> horizons_;  // of neurons with own constants
  Offset horizons_span_;                               // from the origin, or 0
  std::vector<Attended> attended_;
  std::vector<std::uint32_t> to_follow_;
  std::vector<Arrival> arrivals_;
  std::optional<SpreadArrivals> spread_;  // when some delays are synapses' own
  std::vector<std::uint32_t> crossed_;    // the threshold within half a tick before the last window's end
  Time crossed_at_;                       // that end
};

/// The lanes of a model: MakeLanes for its EventForm.
template <NeuronModel M>
std::vector<std::unique_ptr<Lane>> make_lanes(NeuronGroup& population, std::uint32_t number, Duration window,
                                              unsigned count) {
  auto& group = static_cast<NeuronsOf<M>&>(population);
  NeuronLane<M>::prepare(group);
  std::vector<std::unique_ptr<Lane>> lanes;
  for (std::uint64_t k = 0; k < count; ++k) {
    const auto first = static_cast<std::uint32_t>(std::uint64_t{group.size} * k / count);
    const auto last = static_cast<std::uint32_t>(std::uint64_t{group.size} * (k + 1) / count);
    lanes.push_back(std::make_unique<NeuronLane<M>>(group, number, first, last, window));
  }
  return lanes;
}

}  // namespace chronotope::events
