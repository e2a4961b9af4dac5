// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "chronotope/core/exponential.hpp"
#include "chronotope/core/large_pages.hpp"
#include "chronotope/core/parameter.hpp"
#include "chronotope/core/projection_source.hpp"
#include "chronotope/core/spike_record.hpp"
#include "chronotope/core/state.hpp"

namespace chronotope::models {

/// What becomes of a rule's changes when a reward modulates it: they go into an eligibility trace c, which
/// the concentration n of the reward turns into weight (Izhikevich 2007, equations 1 and 2; Fremaux &
/// Gerstner 2016, section 3; the names are those of NEST's stdp_dopamine_synapse).
///
///   w' = c (n - b)      c' = -c/tau_c, c += a change of the rule      n' = -n/tau_n, n += amount of a reward
///
/// w stays within its bounds at every moment. Between two events of a synapse
///   w += c n tau (1 - e^(-dt/tau)) - c b tau_c (1 - e^(-dt/tau_c)),      1/tau = 1/tau_c + 1/tau_n
/// and n - b changes its sign at most once, at tau_n ln(n/b): before and after it w moves one way, so
/// clipping the two parts one after the other is exact. A reward at or after learn_until is none.
///
/// Invariants:
/// 1. A state is that of the synapse's last event: a change of the rule, or a reward. It is moved from event
///    to event, so its bits do not depend on when the synapse was settled.
/// 2. The rewards and n belong to the projection; nothing is kept per synapse and reward.
/// Memory: 40 bytes per synapse, 24 per remembered reward. Cost: three exponentials per event of a synapse.
class Eligibility {
 public:
  /// A synapse just after its last event.
  struct State {
    double w = 0;  // magnitude
    double c = 0;
    Time at;
    std::uint32_t next = 0;  // of the rewards, the first it has not met
  };

  /// `w`: the initial magnitudes; `dendritic`: see TraceStdp.
  Eligibility(const ProjectionSource& source, std::span<const double> w,
              const Parameter<SynapseId, Duration>& dendritic)
      : tau_c_(source.draw("tau_c", 1000, kTimeConstant)),
        b_(source.draw("b", 0, kFinite)),
        tau_n_(source.constant("tau_n", 200, kTimeConstant)),
        learn_until_(source.time("learn_until")),
        dendritic_(dendritic),
        settled_(source.targets(), 0) {
    reserve_in_large_pages(states_, w.size());
    for (const double magnitude : w) states_.push_back({magnitude, 0, {}, 0});
    longest_dendritic_ = source.largest(std::ranges::max(dendritic_.values()));
  }

  void rewarded(Time t, double amount) {
    if (t >= learn_until_) return;
    const double before =
        rewards_.empty() ? 0 : rewards_.back().n * exp(-(t - rewards_.back().at).ms() / tau_n_);
    rewards_.push({t, before + amount});
    if (rewards_.end() - rewards_.begin() > tolerated_) drop_settled();
  }

  /// Meets the rewards before t, on the clock of the target; returns what the state is at t.
  template <class Clip>
  State at(SynapseId s, Time t, Clip clip) {
    State& state = states_[index(s)];
    for (; state.next != rewards_.end(); ++state.next) {
      const Time reward = rewards_[state.next].at - dendritic_[s];
      if (reward >= t) break;
      move(s, state, reward, clip);
    }
    State moved = state;
    move(s, moved, t, clip);
    return moved;
  }
  const State& state(SynapseId s) const { return states_[index(s)]; }
  /// Makes `state`, from at(), with its trace changed by dc, that of the synapse: t was an event.
  void set(SynapseId s, State state, double dc) {
    state.c += dc;
    states_[index(s)] = state;
  }

  /// All synapses onto `target` have met the rewards before t at the soma.
  void forget(NeuronId target, Time t) {
    const Time met = t - longest_dendritic_;
    std::uint32_t number = rewards_.end();
    while (number != rewards_.begin() && rewards_[number - 1].at >= met) --number;
    settled_[index(target)] = number;
  }

  template <class Self, class Visit>
  static void progress(Self& self, Visit& visit) {
    visit("eligibility", self.states_, Per::kSynapse);
    visit("concentration", self.rewards_, Per::kMemory);
    visit("met", self.settled_, Per::kTarget);
  }
  void restored() {
    const auto is_known = [&](std::uint32_t next) {
      return rewards_.end() - next <= rewards_.end() - rewards_.begin();
    };
    if (!std::ranges::all_of(states_, is_known, &State::next) || !std::ranges::all_of(settled_, is_known))
      throw InputError("state met counts rewards that there were not");
    for (const State& state : states_)
      if (!std::isfinite(state.c)) throw InputError("state eligibility holds a trace that is not finite");
    for (std::uint32_t n = rewards_.begin(); n != rewards_.end(); ++n)
      if (!std::isfinite(rewards_[n].n) || (n != rewards_.begin() && rewards_[n].at < rewards_[n - 1].at))
        throw InputError("state concentration holds a reward that no run has");
  }
  /// Forgets the rewards that all synapses have met.
  void compact() { drop_settled(); }

 private:
  struct Reward {
    Time at;
    double n;  // just after it
  };

  /// Moves a state through a stretch without events.
  template <class Clip>
  void move(SynapseId s, State& state, Time t, Clip clip) const {
    const double ms = (t - state.at).ms();
    const double n = state.c == 0 ? 0 : concentration(s, state);
    state.at = t;
    if (state.c == 0 || ms == 0) return;
    const double b = b_[s];
    const double turn = b != 0 && n / b > 1 ? tau_n_ * log(n / b) : std::numeric_limits<double>::infinity();
    if (turn < ms) {
      drift(s, state, n, turn, clip);
      drift(s, state, b, ms - turn, clip);
    } else {
      drift(s, state, n, ms, clip);
    }
  }

  /// n when the synapse is in `state`.
  double concentration(SynapseId s, const State& state) const {
    if (state.next == rewards_.begin()) return 0;
    const Reward& last = rewards_[state.next - 1];
    return last.n * exp(-(state.at - (last.at - dendritic_[s])).ms() / tau_n_);
  }

  /// `ms` during which n, now `n`, does not pass b.
  template <class Clip>
  void drift(SynapseId s, State& state, double n, double ms, Clip clip) const {
    const double lost_c = -expm1(-ms / tau_c_[s]);
    const double lost_n = -expm1(-ms / tau_n_);
    const double tau = tau_c_[s] * tau_n_ / (tau_c_[s] + tau_n_);
    const double both = lost_c + lost_n * (1 - lost_c);
    state.w = clip(s, state.w + state.c * (n * tau * both - b_[s] * tau_c_[s] * lost_c));
    state.c *= 1 - lost_c;
  }

  /// Drops the rewards that all synapses have met, but the last one.
  void drop_settled() {
    std::uint32_t met = rewards_.end() - rewards_.begin();
    for (const std::uint32_t number : settled_) met = std::min(met, number - rewards_.begin());
    if (met > 1) rewards_.drop_before(rewards_.begin() + met - 1);
    tolerated_ = 2 * (rewards_.end() - rewards_.begin()) + kFew;
  }

  static constexpr std::uint32_t kFew = 1024;

  Parameter<SynapseId> tau_c_;  // [ms]
  Parameter<SynapseId> b_;
  double tau_n_;  // [ms]
  Time learn_until_;
  Parameter<SynapseId, Duration> dendritic_;
  Duration longest_dendritic_;
  std::vector<State> states_;
  SpikeRecord<Reward> rewards_{false};
  std::vector<std::uint32_t> settled_;  // by target: of the rewards, the first not met everywhere
  std::uint32_t tolerated_ = kFew;
};

}  // namespace chronotope::models
