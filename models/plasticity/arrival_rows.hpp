// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "chronotope/core/exponential.hpp"
#include "chronotope/core/id.hpp"
#include "chronotope/core/plasticity_rule.hpp"
#include "chronotope/core/time.hpp"
#include "chronotope/models/plasticity/scaled_decay.hpp"
#include "chronotope/models/plasticity/spike_ages.hpp"

namespace chronotope::models {

// Up to kManyArrivals arrivals at different targets, as plain_arrivals and private_arrivals see them: the
// synapse, target and row of the k-th, and what belongs to its time. Requires: no dendritic part.

/// An arrival after a delay of its own of the spike whose row with no delay is `sent`.
template <class Row>
struct OwnArrivalOf {
  SynapseId synapse{};
  NeuronId target{};
  const Row* sent = nullptr;
  Duration delay;
};

/// Arrivals of one row at neighbouring synapses. What they share is copied, so that no weight that is written
/// can be taken for it.
template <class Row>
struct OneRow {
  OneRow(SynapseId first_synapse, std::span<const std::uint32_t> their_targets, const Row& row,
         const SpikeAges* ages = nullptr)
      : first(first_synapse),
        targets(their_targets),
        common(row),
        common_ages(ages),
        r1_before(row.r1),
        r2_before(row.r2),
        has_previous(row.follows),
        one_before(row.one),
        factor_now(row.now) {}

  SynapseId first;
  std::span<const std::uint32_t> targets;
  const Row& common;
  const SpikeAges* common_ages;
  double r1_before;
  double r2_before;
  bool has_previous;
  ScaledDecay::Factor one_before;
  ScaledDecay::Factor factor_now;

  std::size_t size() const { return targets.size(); }
  SynapseId synapse(std::size_t k) const { return SynapseId{index(first) + k}; }
  NeuronId target(std::size_t k) const { return NeuronId{targets[k]}; }
  double r1(std::size_t) const { return r1_before; }
  double r2(std::size_t) const { return r2_before; }
  bool follows(std::size_t) const { return has_previous; }
  const ScaledDecay::Factor& one(std::size_t) const { return one_before; }
  const ScaledDecay::Factor& now(std::size_t) const { return factor_now; }
  Time at(std::size_t) const { return common.at; }
  Time previous(std::size_t) const { return common.previous; }
  const SpikeAges& ages(std::size_t) const { return *common_ages; }
};

/// Arrivals of many rows, each at a time of its own.
template <class Row>
struct OwnRows {
  std::span<const OwnArrivalOf<Row>> arrivals;
  std::array<ScaledDecay::Factor, kManyArrivals> ones{};
  std::array<ScaledDecay::Factor, kManyArrivals> nows{};
  std::array<const SpikeAges*, kManyArrivals> all_ages{};

  std::size_t size() const { return arrivals.size(); }
  SynapseId synapse(std::size_t k) const { return arrivals[k].synapse; }
  NeuronId target(std::size_t k) const { return arrivals[k].target; }
  double r1(std::size_t k) const { return arrivals[k].sent->r1; }
  double r2(std::size_t k) const { return arrivals[k].sent->r2; }
  bool follows(std::size_t k) const { return arrivals[k].sent->follows; }
  const ScaledDecay::Factor& one(std::size_t k) const { return ones[k]; }
  const ScaledDecay::Factor& now(std::size_t k) const { return nows[k]; }
  Time at(std::size_t k) const { return arrivals[k].sent->at + arrivals[k].delay; }
  Time previous(std::size_t k) const { return arrivals[k].sent->previous + arrivals[k].delay; }
  const SpikeAges& ages(std::size_t k) const { return *all_ages[k]; }

  /// Takes the exponentials that belong to the times of all arrivals, of which OneRow has one of a kind.
  void take_exponentials(const ScaledDecay& plus, const ScaledDecay& minus) {
    std::array<double, 2 * kManyArrivals> e;
    for (std::size_t k = 0; k < size(); ++k) {
      nows[k] = minus.later_exponent(at(k));
      ones[k] = plus.earlier_exponent(previous(k));
      e[2 * k] = nows[k].value;
      e[2 * k + 1] = ones[k].value;
    }
    exp_all(std::span(e).first(2 * size()));
    for (std::size_t k = 0; k < size(); ++k) {
      nows[k].value = e[2 * k];
      ones[k].value = follows(k) ? e[2 * k + 1] : 0;
    }
  }
};

}  // namespace chronotope::models
