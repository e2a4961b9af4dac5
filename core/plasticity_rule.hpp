// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <span>
#include <string_view>
#include <utility>

#include "chronotope/core/id.hpp"
#include "chronotope/core/time.hpp"

namespace chronotope {

/// What the engine knows of the synapses of a projection: a rule owns their weights, and what it needs to
/// remember of the spikes of their sources and targets.
///
/// A spike is told to the rule twice: `sent` when its source fires, before it arrives anywhere, and `arrive`
/// at each synapse, at the time the soma of the target gets it. What the arrivals of one spike after one
/// delay have in common is computed once, as a `Row`. Postsynaptic spikes are told by `fired` and accounted
/// for lazily, at the synapse's next arrival or settlement, in order and at their exact times; settling
/// earlier or more often changes no bit. Rewards are told before anything at or after their time is, and
/// reach every synapse at their exact time.
///
/// Order: the spikes of one source come in order of time, and so do the arrivals at one target and its own
/// spikes, at one instant arrivals first. Threads: `sent` and `rewarded` exclude everything else; `row` and
/// `row_until` may be called by any number of threads; `arrive`, `fired`, `settle`, `scale` and `forget` by
/// one thread per target.
template <class R>
concept PlasticityRule = requires(R& rule, const R& read, NeuronId source, NeuronId target, SynapseId s,
                                  Time t, Time delivered, Duration delay, double x,
                                  const typename R::Row& row) {
  { R::kName } -> std::convertible_to<std::string_view>;
  { R::kPlastic } -> std::convertible_to<bool>;  // false: all but arrive and weight do nothing
  // All arrivals before `delivered` <= t have been accounted for: what only they needed may be forgotten.
  { rule.sent(source, t, delivered) } -> std::same_as<void>;
  // The spike that `source` emitted at t, after `delay`.
  { read.row(source, t, delay) } -> std::same_as<typename R::Row>;
  // For settling to t: as if a spike arrived at t.
  { read.row_until(source, t, delay) } -> std::same_as<typename R::Row>;
  // Accounts for an arrival; returns what it transmits.
  { rule.arrive(s, target, row) } -> std::same_as<double>;
  { rule.fired(target, t) } -> std::same_as<void>;
  // Accounts for the spikes of the target before the row's time.
  { rule.settle(s, target, row) } -> std::same_as<void>;
  // A reward of amount x at t, not before the last one.
  { rule.rewarded(t, x) } -> std::same_as<void>;
  // Multiplies the weight by x > 0, within its bounds, at the row's time, to which it was settled.
  { rule.scale(s, x, row) } -> std::same_as<void>;
  // All synapses onto `target` were settled to t.
  { rule.forget(target, t) } -> std::same_as<void>;
  { read.weight(s) } -> std::same_as<double>;
};

/// How many arrivals of one row are accounted for at once.
inline constexpr std::size_t kManyArrivals = 64;

/// A rule that accounts for up to kManyArrivals arrivals of one row faster than for one after the other:
/// arrive_all(first, targets, row, transmitted) is transmitted[k] = arrive(first + k, targets[k], row).
template <class R>
concept TakesManyArrivals = PlasticityRule<R> &&
    requires(R& rule, SynapseId first, std::span<const std::uint32_t> targets, const typename R::Row& row,
             std::span<double> transmitted) {
  { rule.arrive_all(first, targets, row, transmitted) } -> std::same_as<void>;
};

/// The same for arrivals at synapses onto different targets that each have a delay of their own: of `sent`,
/// the row of the spike with no delay, after `delay`.
template <class R>
concept TakesOwnArrivals = PlasticityRule<R> &&
    requires(R& rule, std::span<const typename R::OwnArrival> arrivals, std::span<double> transmitted) {
  { rule.arrive_each(arrivals, transmitted) } -> std::same_as<void>;
};

/// A rule that settles up to kManyArrivals synapses of one row faster than one after the other: settle_all(first,
/// targets, row) is settle(first + k, targets[k], row). Requires: no target has fired at or after the row's time.
template <class R>
concept SettlesMany = PlasticityRule<R> &&
    requires(R& rule, SynapseId first, std::span<const std::uint32_t> targets, const typename R::Row& row) {
  { rule.settle_all(first, targets, row) } -> std::same_as<void>;
};

/// A rule whose arrivals can be at a synapse before they are at the soma.
template <class R>
concept HasDendrites = requires(const R& rule) {
  { rule.longest_dendritic_delay() } -> std::same_as<Duration>;
};

/// By how much at most.
template <class R>
Duration longest_dendritic_delay(const R& rule) {
  if constexpr (HasDendrites<R>) return rule.longest_dendritic_delay();
  return Duration();
}

/// A rule that changes during a run visits its progress (core/state.hpp). compact(t) forgets first what
/// nothing after t needs, t being a time to which all synapses are settled, so that what is left depends on
/// the trains alone; restored() makes what follows from it.
template <class R, class Visit>
concept HasProgress = requires(R& rule, Visit& visit, Time t) {
  R::progress(rule, visit);
  rule.compact(t);
  rule.restored();
};

/// What a rule says of a state that it was given: whether a synapse's fits that of its target, and whether a
/// spike that is on its way is among those it remembers.
template <class R>
concept ChecksSynapses = requires(const R& rule, SynapseId s, NeuronId target) {
  { rule.is_sound(s, target) } -> std::same_as<bool>;
};
template <class R>
concept KnowsSpikes = requires(const R& rule, NeuronId source, Time emitted) {
  { rule.knows(source, emitted) } -> std::same_as<bool>;
};

/// A rule that can ask for memory that is about to be used: that of synapses by arrivals, that of a source by
/// `sent`, that of a target by `fired`.
template <class R>
concept Prefetches = requires(const R& rule, IdRange<SynapseId> synapses, NeuronId source, NeuronId target) {
  { rule.prefetch(synapses) } -> std::same_as<void>;
  { rule.prefetch_source(source) } -> std::same_as<void>;
  { rule.prefetch_target(target) } -> std::same_as<void>;
};

}  // namespace chronotope
