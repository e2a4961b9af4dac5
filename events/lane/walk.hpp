// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include "chronotope/events/afferents.hpp"
#include "chronotope/events/lane/lane_drive.hpp"

namespace chronotope::events {

/// The walk of one hot neuron through a window, instant by instant: crossings up to the next arrivals, these
/// together, and so on.
///
/// Between two instants crossings are found one bound after the other (crossing_bound); a neuron fires once per
/// tick. At one instant a refractory period ends first, then the spike comes that what just arrived makes necessary,
/// then what arrives.
/// Cost: a bound per instant and per spike, as a rule.
template <NeuronModel M>
class Walk {
 public:
  using State = typename M::State;
  using Attended = typename AttendedNeurons<M>::Attended;
  using Drive = typename DriveOf<M>::Type;

  enum class End {
    kQuiet,         // nothing more happens in the window
    kCrossesAtEnd,  // it crossed the threshold in the window; its spike, rounded, is at its end
    kBroken         // the tally tells why it can not be followed further
  };

  Walk(LaneNeurons<M>& neurons, AttendedNeurons<M>& attended, Drive& drive)
      : neurons_(neurons), attended_(attended), drive_(drive) {}

  /// From where its walk starts to the window's end.
  End walk(Attended& attended, const Afferents& afferents) {
    const std::uint32_t i = attended.neuron;
    const LaneClock& clock = neurons_.clock;
    Offset t = attended.from;
    bool smooth = t > Offset{} || clock.origin() > Time();  // at 0 a neuron may start above threshold
    Offset again = kNeverOffset;  // where no spike may be unless something arrives before
    const auto spike = [&](Offset at) {
      fire(attended, at, smooth || at > t, afferents);
      t = again = at + kTick;  // one spike per instant
      smooth = true;
    };
    if (attended.crossed) spike(clock.begin());
    bool has_fired_there = false;  // at the arrivals just taken
    for (std::uint32_t next = attended.first;;) {
      const Offset until = std::min(std::min(clock.end(), at(next)), drive_.next_arrival(attended));
      if (const Offset left = leave_refractory(attended, until); left < kNeverOffset) {
        t = std::max(t, left);
        smooth = false;  // kept jumps
        has_fired_there = false;
      }
      // If these brought V to the threshold again, that spike, a tick later, comes before what arrives then.
      if (std::exchange(has_fired_there, false) && next_crossing(attended, t - kTick, t) < kNeverOffset) {
        if (t == clock.end()) return End::kCrossesAtEnd;
        spike(t);
        continue;
      }
      if (const Offset crossing = next_crossing(attended, t, until); crossing < kNeverOffset) {
        if (crossing == clock.end()) return End::kCrossesAtEnd;
        if (crossing == again) {
          neurons_.break_down(i, crossing, "fires again within 1e-12 ms");
          return End::kBroken;
        }
        spike(crossing);
        continue;
      }
      if (until == clock.end()) return End::kQuiet;
      has_fired_there = until < t;
      t = std::max(t, until);
      again = kNeverOffset;
      smooth = false;
      next = receive_all(attended, next, until, afferents);
    }
  }

 private:
  Offset at(std::uint32_t arrival) const {
    return arrival == AsideArrival::kNone ? kNeverOffset : attended_.arrival(arrival).at;
  }

  /// What arrives at t: that put aside, of which the first that comes later is returned, and the drive's.
  std::uint32_t receive_all(Attended& attended, std::uint32_t next, Offset t, const Afferents& afferents) {
    const std::uint32_t i = attended.neuron;
    for (; next != AsideArrival::kNone && attended_.arrival(next).at == t;
         next = attended_.arrival(next).next) {
      AsideArrival& a = attended_.arrival(next);
      if (a.delivery != AsideArrival::kNone)
        a.weight = afferents.transmit(a.delivery, SynapseId{a.synapse}, neurons_.id(i));
      NeuronFace<M>::receive(neurons_.parameters(i), attended.state, neurons_.clock.origin(), t, a.weight,
                             a.receptor);
    }
    while (drive_.next_arrival(attended) == t) drive_.take_arrival(attended);
    return next;
  }

  Offset leave_refractory(Attended& attended, Offset until) const {
    return NeuronFace<M>::leave_refractory(neurons_.parameters(attended.neuron), attended.state, until,
                                           neurons_.clock.end());
  }

  /// The tick nearest to the first crossing in [t, until), which may be `until`; else kNeverOffset.
  Offset next_crossing(const Attended& attended, Offset t, Offset until) const {
    const State s = drive_.together(attended);
    if (NeuronFace<M>::is_refractory(s) || drive_.stays_below(s)) return kNeverOffset;
    constexpr int kMostBounds = 10'000;
    const auto& p = neurons_.parameters(attended.neuron);
    for (int bounds = 0; t < until; ++bounds) {
      neurons_.count_bound();
      const Crossing next = NeuronFace<M>::crossing(p, s, neurons_.clock.origin(), t);
      if (next.is_lost() || bounds == kMostBounds) {
        neurons_.break_down(
            attended.neuron, t,
            "when it fires next was not found in 10000 steps, or its state is not a finite number");
        return kNeverOffset;
      }
      if (!next.is_before(until)) return kNeverOffset;
      if (next.is_crossing) return next.at;
      t = next.at;
    }
    return kNeverOffset;
  }

  /// `smooth`: it crossed the threshold without a jump.
  void fire(Attended& attended, Offset t, bool smooth, const Afferents& afferents) {
    const std::uint32_t i = attended.neuron;
    const auto& p = neurons_.parameters(i);
    const Time origin = neurons_.clock.origin();
    State& s = attended.state;
    s = drive_.together(attended);
    drive_.fired(attended);
    if (smooth) neurons_.tally->exactness.record_root(std::abs(NeuronFace<M>::excess(p, s, origin, t)));
    NeuronFace<M>::fire(p, s, origin, t);
    ++neurons_.tally->counts.spikes;
    afferents.fired(neurons_.id(i), neurons_.clock.time(t));
    neurons_.tally->spikes.push_back(neurons_.spike(i, t));
  }

  LaneNeurons<M>& neurons_;
  AttendedNeurons<M>& attended_;
  Drive& drive_;
};

}  // namespace chronotope::events
