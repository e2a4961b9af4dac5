// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

#include "chronotope/core/time.hpp"

namespace chronotope {

class ParameterSource;

/// What every neuron model is: a struct of static functions over plain Parameters and State.
template <class M>
concept NeuronBasis = std::is_trivially_copyable_v<typename M::State> &&
    requires(const typename M::Parameters& p, const ParameterSource& source) {
  { M::kName } -> std::convertible_to<std::string_view>;
  { M::parameters(source) } -> std::same_as<typename M::Parameters>;
  { M::initial_state(p, source) } -> std::same_as<typename M::State>;
};

/// The first threshold crossing, or a tick before which there is none; never() when there is none at all. A
/// crossing lies between ticks: `at` is the nearest one, and what rounding to it took away decides whether an
/// arrival at that tick was too late for it.
struct CrossingTime {
  Time at;
  double beyond = 0;  // of the crossing beyond `at` [ticks], in [-1/2, 1/2]; 0 for a bound
  bool is_crossing = false;
};

/// A model that is moved one neuron and one arrival at a time: the plain way to write one.
///
/// The calls of one neuron come in time order. At one instant the engine first calls receive for every
/// arrival, then crossing_bound, then fire if the bound is now.
///
/// The contract of crossing_bound(p, s, now), the next threshold crossing or a lower bound of it if nothing
/// arrives any more:
/// 1. now <= bound <= the first crossing after now;
/// 2. bound = Time::never() when V can not reach V_th;
/// 3. it is a crossing at now exactly when the neuron fires now;
/// 4. evaluated again at its own time, it reaches the crossing in finitely many steps; a bound that is none
///    lies more than a tick before it.
/// It may be evaluated at any time and as often as the engine likes: the state does not change by it.
template <class M>
concept PointwiseNeuron = NeuronBasis<M> &&
    requires(const typename M::Parameters& p, typename M::State& s, Time t, double w) {
  { M::receive(p, s, t, w) } -> std::same_as<void>;
  { M::crossing_bound(p, std::as_const(s), t) } -> std::same_as<CrossingTime>;
  { M::fire(p, s, t) } -> std::same_as<void>;
  { M::potential(p, std::as_const(s), t) } -> std::same_as<double>;  // V [mV]
  { M::threshold(p, std::as_const(s), t) } -> std::same_as<double>;  // what V is compared with [mV]
};

/// A model with several receptors, of which a projection chooses one: receptors(p) says how many, and receive
/// takes the number of one. receive without it means receptor 0.
template <class M>
concept HasReceptors = PointwiseNeuron<M> && requires(const typename M::Parameters& p, typename M::State& s,
                                                      Time t, double w, std::uint32_t receptor) {
  { M::receptors(p) } -> std::same_as<std::uint32_t>;
  { M::receive(p, s, t, w, receptor) } -> std::same_as<void>;
};

/// The same in milliseconds from an origin, not rounded; infinite when there is none at all.
struct CrossingBound {
  double ms;
  bool is_crossing;
};

/// A linear model whose arrivals only add up, so that a whole row of synapses is delivered in one sweep.
///
/// Its state is kept in coordinates scaled by e^(t/tau), t counted from an origin that moves on by
/// `origin_step` before any exponential overflows. An arrival of weight w at t adds w * pulse(t), whatever
/// the state: with shared time constants one pulse serves the row. Between arrivals nothing changes.
///
/// Beside its dynamics a state carries how much may still arrive before the threshold could be reached
/// (headroom); absorb(s, kick) adds an arrival and returns true, or changes nothing and returns false when
/// that would use the headroom up. watch(p, s, t) renews it: up to the time [ms] it returns, the neuron can
/// not fire as long as absorb returns true. What watch decides changes no bit of the dynamics.
///
/// exponents(p, t, w) are the arguments of the exponentials that pulse needs for an arrival of w's sign.
/// Of a refractory neuron (is_refractory) absorb always fails, and ready(s) is when end_refractory is due.
/// block(s) makes absorb fail until the next watch.
template <class M>
concept SweptNeuron = NeuronBasis<M> &&
    requires(typename M::Parameters& changed, const typename M::Parameters& p, typename M::State& s,
             const typename M::Pulse& pulse, Offset t, double w) {
  { M::fastest(p) } -> std::same_as<double>;  // the smallest time constant [ms]
  { M::set_origin_step(changed, t) } -> std::same_as<void>;
  { M::rebase(p, s) } -> std::same_as<void>;  // the origin moved on by one step
  { M::exponents(p, t, w) } -> std::same_as<std::array<double, M::kExponentials>>;
  { M::pulse(p, std::array<double, M::kExponentials>(), t, w) } -> std::same_as<typename M::Pulse>;
  { w* pulse } -> std::same_as<typename M::Pulse>;
  { M::absorb(s, pulse) } -> std::same_as<bool>;
  { M::receive(p, s, pulse, w) } -> std::same_as<void>;  // the same addition, always
  { M::block(s) } -> std::same_as<void>;
  { M::is_refractory(std::as_const(s)) } -> std::same_as<bool>;
  { M::ready(std::as_const(s)) } -> std::same_as<Offset>;
  { M::end_refractory(p, s, t) } -> std::same_as<void>;
  { M::decay(p, t) } -> std::same_as<typename M::Decay>;  // what watch needs to know of t
  { M::watch(p, s, M::decay(p, t), t) } -> std::same_as<double>;
  { M::crossing_bound(p, std::as_const(s), t) } -> std::same_as<CrossingBound>;  // not refractory
  { M::fire(p, s, t) } -> std::same_as<void>;
  { M::excess(p, std::as_const(s), t) } -> std::same_as<double>;  // V - V_th [mV]; not refractory
  { M::potential(p, std::as_const(s), t) } -> std::same_as<double>;
};

/// A model whose parameters can change during a run: keep_potential(before, now, s, t) makes a state of the parameters
/// `before` one of `now`, V and currents being at t what they were. Who is refractory stays so until when it was, and
/// leaves that from what V_reset is now. A SweptNeuron counts t from the origin that the coordinates had, and from
/// that which they get. Throws InputError when no state of `now` can have such a V or current.
template <class M>
concept RetunedNeuron = NeuronBasis<M> &&(
    requires(const typename M::Parameters& p, typename M::State& s, Time t) {
      { M::keep_potential(p, p, s, t) } -> std::same_as<void>;
    } ||
    requires(const typename M::Parameters& p, typename M::State& s, Offset t) {
      { M::keep_potential(p, p, s, t, t) } -> std::same_as<void>;
    });

/// A model with a constant current I_e [pA], to which others can be added during a run: injection(source) is what that
/// needs to know of a neuron beside its parameters, and inject(p, injection, I) makes them those of I_e + I, whatever
/// further current they were of; with I = 0 they are those that were drawn.
template <class M>
concept InjectedNeuron = NeuronBasis<M> && requires(const ParameterSource& source, typename M::Parameters& p,
                                                    const typename M::Injection& injection, double I) {
  { M::injection(source) } -> std::same_as<typename M::Injection>;
  { M::inject(p, injection, I) } -> std::same_as<void>;
};

/// A model whose synaptic currents can be told: that of receptor 0 or 1 [pA], of weights > 0 and < 0, or of each of
/// several receptors; in the refractory period, too. The time is of the model's kind: an Offset or a Time.
template <class M, class T>
concept HasCurrents = NeuronBasis<M> &&
    requires(const typename M::Parameters& p, const typename M::State& s, T t, std::uint32_t receptor) {
  { M::synaptic_current(p, s, t, receptor) } -> std::same_as<double>;
};

/// A SweptNeuron that can be watched for a given span. watch_until(s, h) renews the headroom of a
/// neuron that is not refractory: true when it can not fire in the span that h was made for as long as absorb
/// returns true. horizon(p, decay, span) is what that needs to know of the span that begins when decay is of;
/// decay_at_origin(p) is decay(p, 0) without an exponential.
/// watch_all(states, h, failed) does it for all that are not refractory and calls failed(k) where it was
/// false.
template <class M>
concept ScannedNeuron = SweptNeuron<M> &&
    requires(const typename M::Parameters& p, typename M::State& s, std::span<typename M::State> states,
             const typename M::Horizon& h, Offset t, void (*failed)(std::size_t)) {
  { M::decay_at_origin(p) } -> std::same_as<typename M::Decay>;
  { M::horizon(p, M::decay(p, t), t) } -> std::same_as<typename M::Horizon>;
  { M::watch_until(s, h) } -> std::same_as<bool>;
  { M::watch_all(states, h, failed) } -> std::same_as<void>;
};

/// What a number of arrivals at middle + z half, z in [-1, 1], add up to: with x_j = exponents(p, half, w) the
/// sums of e^(x_j z) and, where there are two, of their difference by that of the x.
template <std::size_t kExponentials>
struct ArrivalSums {
  double count = 0;
  std::array<double, kExponentials> exponentials{};
  double difference = 0;
  Offset middle;
  Offset half;
};

/// A ScannedNeuron that can have a fast train of its own, the drive: the sum of its pulses is kept apart from
/// the state, so that it is taken a slot at a time, and `drive` below is that sum. The neuron's dynamics
/// are those of the state with the drive received; a fired neuron's drive begins anew at 0.
///
/// watch_driven(s, drive, kick, h) is watch_until with the drive as it is when the span begins, and with
/// headroom for a kick, or the sum of some of one sign, that it will get; reserve(s, kick) takes that from
/// the headroom later: false when it is used up. rebase(p, drive) moves its origin on by one step.
///
/// sum_of_pulses(p, e, sums, w) is the sum of w * pulse over arrivals about a middle, at which the exponentials
/// are e.
template <class M>
concept DrivenNeuron = ScannedNeuron<M> &&
    requires(const typename M::Parameters& p, typename M::State& s, typename M::Pulse& drive,
             const typename M::Pulse& kick, const typename M::Horizon& h, double w) {
  { M::rebase(p, drive) } -> std::same_as<void>;
  { M::watch_driven(s, kick, kick, h) } -> std::same_as<bool>;
  { M::reserve(s, kick) } -> std::same_as<bool>;
  {
    M::sum_of_pulses(p, std::array<double, M::kExponentials>(), ArrivalSums<M::kExponentials>(), w)
    } -> std::same_as<typename M::Pulse>;
  { kick + kick } -> std::same_as<typename M::Pulse>;
  { kick - kick } -> std::same_as<typename M::Pulse>;
};

/// A DrivenNeuron for which a span's horizon serves at any time in it: stays_below(s, h) is true when a
/// neuron in state s, the drive received and not refractory, can not fire before the span's end if nothing
/// arrives. is_deaf(s) says that it is in a refractory period in which what arrives is lost; absorb may drop
/// it then.
template <class M>
concept JumpingNeuron = DrivenNeuron<M> &&
    requires(const typename M::State& s, const typename M::Horizon& h) {
  { M::stays_below(s, h) } -> std::same_as<bool>;
  { M::is_deaf(s) } -> std::same_as<bool>;
};

/// What the engine simulates.
template <class M>
concept NeuronModel = PointwiseNeuron<M> || SweptNeuron<M>;

}  // namespace chronotope
