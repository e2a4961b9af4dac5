// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <string_view>
#include <type_traits>
#include <utility>

#include "chronotope/core/time.hpp"

namespace chronotope {

class ParameterSource;

/// What the engine knows of a neuron. A model is a struct of static functions over plain Parameters and
/// State.
///
/// The calls of one neuron come in time order. At one instant the engine first calls receive for every
/// arrival, then crossing_bound, then fire if the bound is now.
///
/// The contract of crossing_bound(p, s, now), the time of a lower bound of the next threshold crossing if
/// nothing arrives any more:
/// 1. now <= bound <= the first crossing after now;
/// 2. bound = Time::never() when V can not reach V_th;
/// 3. bound = now exactly when the neuron fires now;
/// 4. evaluated again at its own time, it reaches the crossing in finitely many steps.
template <class M>
concept NeuronModel = std::is_trivially_copyable_v<typename M::State> &&
    requires(const typename M::Parameters& p, typename M::State& s, const ParameterSource& source, Time t,
             double w) {
  { M::kName } -> std::convertible_to<std::string_view>;
  { M::parameters(source) } -> std::same_as<typename M::Parameters>;
  { M::initial_state(p, source) } -> std::same_as<typename M::State>;
  { M::receive(p, s, t, w) } -> std::same_as<void>;
  { M::crossing_bound(p, std::as_const(s), t) } -> std::same_as<Time>;
  { M::fire(p, s, t) } -> std::same_as<void>;
  { M::potential(p, std::as_const(s), t) } -> std::same_as<double>;  // V [mV]
  { M::threshold(p, std::as_const(s), t) } -> std::same_as<double>;  // what V is compared with [mV]
};

}  // namespace chronotope
