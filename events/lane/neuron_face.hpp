// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "chronotope/core/exponential.hpp"
#include "chronotope/core/exponential_pair.hpp"
#include "chronotope/core/neuron_group.hpp"
#include "chronotope/core/neuron_model.hpp"
#include "chronotope/core/time.hpp"

namespace chronotope::events {

/// A crossing, or a bound of one, in ticks from an origin.
struct Crossing {
  Offset at;  // the nearest tick
  double beyond = 0;
  bool is_crossing = false;

  bool is_lost() const { return std::isnan(beyond); }
  bool is_before(Offset t) const { return at < t || (at == t && beyond < 0); }
  /// The last tick that is not after it.
  Offset floor() const { return beyond < 0 ? at - kTick : at; }
};

/// A neuron model as a lane walks it, whether it is swept or pointwise: times are offsets t from `origin`.
template <NeuronModel M>
struct NeuronFace;

template <SweptNeuron M>
struct NeuronFace<M> {
  using State = typename M::State;
  using Parameters = typename M::Parameters;

  /// How far the origin moves. A shared membrane's about 32 of its shortest time constants, but before offsets are
  /// coarser than spike times; heterogeneous ones agree on 4 ms unless one of them is so short that its
  /// exponential would overflow.
  static Offset step(const NeuronsOf<M>& group) {
    if (group.fastest == std::numeric_limits<double>::infinity()) return {kTicksPerEpoch};  // nobody's
    const double longest =
        group.parameters.is_shared() ? 32 * group.fastest : std::min(4.0, 500 * group.fastest);
    return {ticks_of(std::min(kEpochMs / 2, std::ldexp(1, std::ilogb(longest))))};
  }
  /// Of a whole population, once, before lanes are made for it.
  static void prepare(NeuronsOf<M>& group) {
    const Offset origin_step = step(group);
    for (auto& p : group.parameters.values()) M::set_origin_step(p, origin_step);
  }
  static void rebase(const Parameters& p, State& s) { M::rebase(p, s); }

  static bool is_refractory(const State& s) { return M::is_refractory(s); }
  /// Ends a refractory period that is over by `until` and before `end`; returns when that is, else kNeverOffset.
  static Offset leave_refractory(const Parameters& p, State& s, Offset until, Offset end) {
    if (!M::is_refractory(s)) return kNeverOffset;
    const Offset ready = M::ready(s);
    if (ready > until || ready >= end) return kNeverOffset;
    M::end_refractory(p, s, ready);
    return ready;
  }
  static void block(State& s) { M::block(s); }

  static auto pulse(const Parameters& p, Offset t, double w) {
    auto e = M::exponents(p, t, w);
    if constexpr (M::kExponentials == 1)
      e[0] = exp(e[0]);
    else if constexpr (M::kExponentials == 2)
      exp_pair(e[0], e[1]);
    else
      exp_all(e);
    return M::pulse(p, e, t, w);
  }
  static void receive(const Parameters& p, State& s, Time, Offset t, double w, std::uint32_t) {
    M::receive(p, s, w * pulse(p, t, w), w);
  }
  /// The first crossing from t on, or a bound.
  static Crossing crossing(const Parameters& p, const State& s, Time, Offset t) {
    const CrossingBound found = M::crossing_bound(p, s, t);
    if (found.ms == std::numeric_limits<double>::infinity()) return {kNeverOffset};
    if (std::isnan(found.ms)) return {t, found.ms};
    const Offset at{nearest_whole(ticks_of(found.ms))};
    return {at, found.is_crossing ? ticks_of(found.ms - at.ms()) : 0, found.is_crossing};
  }
  static void fire(const Parameters& p, State& s, Time, Offset t) { M::fire(p, s, t); }
  /// V - V_th [mV].
  static double excess(const Parameters& p, const State& s, Time, Offset t) { return M::excess(p, s, t); }
  static double potential(const Parameters& p, const State& s, Time, Offset t) {
    return M::potential(p, s, t);
  }
  static double synaptic_current(const Parameters& p, const State& s, Time, Offset t,
                                 std::uint32_t receptor) requires HasCurrents<M, Offset> {
    return M::synaptic_current(p, s, t, receptor);
  }
};

template <PointwiseNeuron M>
struct NeuronFace<M> {
  using State = typename M::State;
  using Parameters = typename M::Parameters;

  static Offset step(const NeuronsOf<M>&) { return {kTicksPerEpoch}; }
  static void prepare(NeuronsOf<M>&) {}
  static void rebase(const Parameters&, State&) {}

  static bool is_refractory(const State&) { return false; }
  static Offset leave_refractory(const Parameters&, State&, Offset, Offset) { return kNeverOffset; }
  static void block(State&) {}

  static void receive(const Parameters& p, State& s, Time origin, Offset t, double w,
                      std::uint32_t receptor) {
    if constexpr (HasReceptors<M>)
      M::receive(p, s, origin + t, w, receptor);
    else
      M::receive(p, s, origin + t, w);
  }
  static Crossing crossing(const Parameters& p, const State& s, Time origin, Offset t) {
    const CrossingTime found = M::crossing_bound(p, s, origin + t);
    if (found.at.is_never()) return {kNeverOffset};
    return {found.at.since(origin), found.beyond, found.is_crossing};
  }
  static void fire(const Parameters& p, State& s, Time origin, Offset t) { M::fire(p, s, origin + t); }
  static double excess(const Parameters& p, const State& s, Time origin, Offset t) {
    return M::potential(p, s, origin + t) - M::threshold(p, s, origin + t);
  }
  static double potential(const Parameters& p, const State& s, Time origin, Offset t) {
    return M::potential(p, s, origin + t);
  }
  static double synaptic_current(const Parameters& p, const State& s, Time origin, Offset t,
                                 std::uint32_t receptor) requires HasCurrents<M, Time> {
    return M::synaptic_current(p, s, origin + t, receptor);
  }
};

}  // namespace chronotope::events
