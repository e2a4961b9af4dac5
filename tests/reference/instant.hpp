// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <vector>

#include "chronotope/tests/reference/decimal_time.hpp"
#include "chronotope/tests/reference/real.hpp"

namespace chronotope::reference {

enum class SpikeCause {
  kCrossing,  ///< V rose through V_th smoothly
  kJump  ///< V was found at or above V_th at an instant: an arrival, jumps kept through t_ref, the initial
         ///< value
};

struct Spike {
  Rational time;  ///< [ms], a whole tick: here it is emitted, and the neuron reset
  Real reached;   ///< [ms] where V reached V_th, before it was rounded
  SpikeCause cause;
  Real slope;  ///< dV/dt just before a crossing [mV/ms]: an error dV of V moves the time by dV / slope; 0 at
               ///< a jump
  Real carried = 0;  ///< by how much a crossing moves when the spike before it moves by 1 and no arrival does
};

/// When a neuron may fire, or has to be looked at, of its own accord. What happens at one tick is ordered by
/// where it lies as a real number: a crossing strictly before an arrival comes before it, even when both
/// round to the same tick; at equal numbers arrivals come first.
struct Instant {
  Rational time;  ///< [ms], a whole tick: when it takes place
  Real reached;   ///< [ms] where it lies
  bool fires;     ///< else V has to be tested: at the start, at the end of the refractory period
  SpikeCause cause = SpikeCause::kJump;
  Real slope = 0;  ///< of a crossing

  bool precedes(const Rational& t) const { return reached < to_real(t) - kUndecided; }
  bool follows(const Rational& t) const { return reached > to_real(t) + kUndecided; }

  /// What 50 digits can not tell apart [ms].
  inline static const Real kUndecided{"1e-30"};
};

/// V has to be tested at t.
inline Instant test_at(const Rational& t) { return {t, to_real(t), false}; }

/// V was found at or above V_th at t.
inline Instant jump_at(const Rational& t) { return {t, to_real(t), true}; }

/// V rises through V_th.
inline Instant crossing_at(const Real& reached, const Real& slope) {
  return {nearest_tick(reached), reached, true, SpikeCause::kCrossing, slope};
}

/// At t V is at or above V_th, but the neuron has fired at t: it fires one tick later.
inline Instant held_back_at(const Rational& t) { return {t + tick(), to_real(t), true}; }

/// Runs one neuron over [0, until): instant after instant, at each the arrivals, then the test. Arrivals
/// sorted by their stated time; those on one tick are one instant. Calls `look` after each instant.
///
/// Neuron: next_instant(end) is its first own instant in (now, end], if any; advance(t) and advance(instant)
/// move to it, after which a neuron that crosses is at its threshold; receive(arrival); at_threshold() is V
/// >= V_th of a neuron that may fire and has not fired at this tick; fire(instant) returns the spike.
template <class Neuron, class Arrival>
std::vector<Spike> run_neuron(
    Neuron& neuron, const std::vector<Arrival>& arrivals, double until,
    const std::function<void(const Neuron&)>& look = [](const Neuron&) {}) {
  const Rational end = stated_time(until);
  auto next = arrivals.begin();
  const auto next_stop = [&] {
    return next == arrivals.end() ? end : std::min(end, stated_time(next->time));
  };
  std::vector<Spike> spikes;
  Rational stop = next_stop();
  for (std::optional<Instant> own = test_at(0);; own = neuron.next_instant(stop = next_stop())) {
    if (own && own->time >= end) own.reset();
    const bool alone = own && own->precedes(stop);
    if (!alone && stop == end) return spikes;
    own ? neuron.advance(*own) : neuron.advance(stop);
    for (; !alone && next != arrivals.end() && stated_time(next->time) == stop; ++next) neuron.receive(*next);
    if (neuron.at_threshold())
      spikes.push_back(neuron.fire(own && own->fires ? *own : jump_at(neuron.now())));
    look(neuron);
  }
}

/// The same of a neuron whose constants are others from `change` on [ms], which no arrival comes at: V, currents and
/// what else decays go on from where they are, change(neuron) says by which constants.
template <class Neuron, class Arrival>
std::vector<Spike> run_changing_neuron(Neuron& neuron, const std::vector<Arrival>& arrivals, double change_at,
                                       const std::function<void(Neuron&)>& change, double until) {
  struct Happening {
    double time;
    const Arrival* arrival;
  };
  struct Changing : Neuron {
    const std::function<void(Neuron&)>& change;
    Changing(const Neuron& neuron, const std::function<void(Neuron&)>& then) : Neuron(neuron), change(then) {}
    void receive(const Happening& what) {
      if (what.arrival != nullptr)
        Neuron::receive(*what.arrival);
      else
        change(*this);
    }
  };
  std::vector<Happening> happenings{{change_at, nullptr}};
  for (const Arrival& arrival : arrivals) happenings.push_back({arrival.time, &arrival});
  std::ranges::stable_sort(happenings, {}, &Happening::time);
  Changing changing(neuron, change);
  return run_neuron(changing, happenings, until);
}

}  // namespace chronotope::reference
