// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <string_view>
#include <utility>

#include "chronotope/core/id.hpp"
#include "chronotope/core/spike_history.hpp"
#include "chronotope/core/time.hpp"

namespace chronotope {

/// What the engine knows of the synapses of a projection: a rule owns their weights and plastic state.
///
/// Postsynaptic spikes are accounted for lazily, at the synapse's next arrival or reading, in order and at
/// their exact times; settling earlier or more often changes no bit.
template <class R>
concept PlasticityRule = requires(R& rule, const R& read, SynapseId s, const SpikeHistory& post, Time t) {
  { R::kName } -> std::convertible_to<std::string_view>;
  { R::kPlastic } -> std::convertible_to<bool>;         // false: spikes of the target need not be remembered
  { rule.arrive(s, post, t) } -> std::same_as<double>;  // accounts for an arrival; returns what it transmits
  { rule.settle(s, post) } -> std::same_as<void>;       // accounts for all recorded spikes of the target
  { read.weight(s) } -> std::same_as<double>;
};

}  // namespace chronotope
