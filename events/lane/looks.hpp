// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "chronotope/core/prefetch.hpp"
#include "chronotope/events/check_agenda.hpp"
#include "chronotope/events/lane/lane_neurons.hpp"
#include "chronotope/events/scan_schedule.hpp"
#include "chronotope/events/window.hpp"

namespace chronotope::events {

/// When each cold neuron is looked at: up to when it can not fire without further arrivals, one by one from the
/// agenda of checks, or all at once where that is cheaper (ScannedNeuron).
///
/// Invariant: each neuron has a check on the agenda not later than the time up to which it can not fire, or a scan
/// comes before that, if there is such a time; but while stop() holds, nobody has.
/// Cost: of a look at one neuron a bound; of a scan one per neuron, some ns.
template <NeuronModel M>
class Looks {
 public:
  using State = typename M::State;

  /// `window` is the longest window there will be.
  Looks(LaneNeurons<M>& neurons, Duration window)
      : neurons_(neurons),
        slot_width_(std::min(slot_width(window), neurons.clock.step())),
        checks_(slot_width_, neurons.size(), Time(), Time()),
        scans_(neurons.size(),
               std::min(neurons.clock.step(), Offset{ticks_of(neurons.are_alike() ? 2 : 4)})) {}

  Time next() const { return std::min(scans_.next(), checks_.next()); }
  /// What a window that begins at `begin` may not reach across.
  Time limit(Time begin) const { return scans_.limit(begin); }

  /// Calls review(i) of each neuron that a scan finds in need of it. Requires: the window is open.
  template <class Review>
  void scan(const Window& window, Review review) {
    if constexpr (ScannedNeuron<M>) {
      const ScanSchedule::Step step = scans_.advance(window.begin, window.end);
      scanned_to_ = scans_.is_on() ? neurons_.clock.offset(scans_.end()) : kNeverOffset;
      if (step == ScanSchedule::Step::kScan) watch_all(review);
      if (step == ScanSchedule::Step::kStop) {
        for (std::uint32_t i = 0; i < neurons_.size(); ++i)
          if (!M::is_refractory(neurons_.state(i))) review(i);
        scans_.forget_looks();
      }
    }
  }
  /// Calls review(i) of each neuron whose check may be due before `end`. It has none any more.
  template <class Review>
  void take_checks(Time end, Review review) {
    const std::span<const std::uint32_t> due = checks_.take_until(end, neurons_.tally->counts);
    for (std::size_t k = 0; k < due.size(); ++k) {
      if (k + kAhead < due.size()) prefetch_line(&neurons_.state(due[k + kAhead]));
      review(due[k]);
    }
  }

  /// Ticks from the origin, not rounded to whole ones, up to which neuron i in state s certainly does not fire
  /// if nothing arrives that absorb refuses.
  double safe_until(std::uint32_t i, State& s, Offset t) {
    scans_.count_look();
    neurons_.count_bound();
    if constexpr (SweptNeuron<M>) {
      if (M::is_refractory(s)) return M::ready(s).ticks;
      const auto now = neurons_.decay(i, t);
      if (watch_to_scan(i, s, now, t)) return scanned_to_.ticks;
      return ticks_of(M::watch(neurons_.parameters(i), s, now, t));
    } else {
      return NeuronFace<M>::crossing(neurons_.parameters(i), s, neurons_.clock.origin(), t).floor().ticks;
    }
  }

  /// Puts neuron i's check so many ticks from the origin, or hardly before.
  void schedule(std::uint32_t i, double at) {
    if (at < kNeverOffset.ticks && !is_scanned_before(i, at))
      checks_.schedule(i, at);
    else
      checks_.cancel(i);
  }
  void schedule_at(std::uint32_t i, Time t) { checks_.schedule_at(i, t); }
  void cancel(std::uint32_t i) { checks_.cancel(i); }

  /// The parameters are to be others.
  void forget_horizons() { horizons_span_ = Offset{}; }

  void move_origin() { checks_.set_origin(neurons_.clock.origin()); }
  /// Nobody is looked at until checks are put again.
  void stop() {
    checks_.cancel_all();
    scans_.stop();
    scanned_to_ = kNeverOffset;
  }
  /// Every neuron has a check now, as at the begin of a run.
  void begin_anew(Time now) {
    checks_ = CheckAgenda(slot_width_, neurons_.size(), neurons_.clock.origin(), now);
    scans_.stop();
  }

 private:
  template <class Model>
  struct HorizonOf {
    struct Type {};
  };
  template <ScannedNeuron Model>
  struct HorizonOf<Model> {
    using Type = typename Model::Horizon;
  };
  using Horizon = typename HorizonOf<M>::Type;

  static constexpr std::size_t kAhead = 12;  // neurons whose memory is asked for before they are needed

  /// Slots about as long as a window, unless that is absurdly short.
  static Offset slot_width(Duration window) {
    return {ticks_of(std::max(0x1p-10, std::ldexp(1, std::ilogb(window.ms()))))};
  }

  template <class Review>
  void watch_all(Review review) requires ScannedNeuron<M> {
    const Offset begin = neurons_.clock.begin();
    const Offset span = scanned_to_ - begin;
    const std::span<State> states = neurons_.states();
    if (neurons_.are_alike()) {
      const auto& p = neurons_.parameters(0);
      return M::watch_all(states, M::horizon(p, M::decay(p, begin), span),
                          [&](std::size_t i) { review(static_cast<std::uint32_t>(i)); });
    }
    const auto horizons = horizons_until(span);
    for (std::uint32_t i = 0; i < states.size(); ++i)
      if (!M::is_refractory(states[i]) && !M::watch_until(states[i], horizons[i])) review(i);
  }

  /// Of all neurons, for so long from the window's begin. Spans that begin at the origin are equally long as a
  /// rule, and what was found for one serves the next.
  std::span<const Horizon> horizons_until(Offset span) requires ScannedNeuron<M> {
    const Offset begin = neurons_.clock.begin();
    const bool begins_at_origin = begin == Offset{};
    if (begins_at_origin && span == horizons_span_) return horizons_;
    horizons_span_ = begins_at_origin ? span : Offset{};
    horizons_.clear();
    for (std::uint32_t i = 0; i < neurons_.size(); ++i) {
      const auto& p = neurons_.parameters(i);
      horizons_.push_back(M::horizon(p, begins_at_origin ? M::decay_at_origin(p) : M::decay(p, begin), span));
    }
    return horizons_;
  }

  template <class Decay>
  bool watch_to_scan(std::uint32_t i, State& s, const Decay& now, Offset t) {
    if constexpr (ScannedNeuron<M>)
      return scanned_to_ < kNeverOffset &&
             M::watch_until(s, M::horizon(neurons_.parameters(i), now, scanned_to_ - t));
    return false;
  }
  bool is_scanned_before(std::uint32_t i, double at) {
    if constexpr (ScannedNeuron<M>) return at >= scanned_to_.ticks && !M::is_refractory(neurons_.state(i));
    return false;
  }

  LaneNeurons<M>& neurons_;
  Offset slot_width_;
  CheckAgenda checks_;
  ScanSchedule scans_;
  Offset scanned_to_ = kNeverOffset;  // everybody was looked at for the time up to there
  std::vector<Horizon> horizons_;     // of neurons with own constants
  Offset horizons_span_;              // from the origin, or 0
};

}  // namespace chronotope::events
