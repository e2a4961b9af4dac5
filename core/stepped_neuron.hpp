// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <concepts>
#include <type_traits>
#include <utility>

#include "chronotope/core/neuron_model.hpp"

namespace chronotope {

/// How a model is advanced on a clock's grid: specialised for every model that the clock-driven engine takes,
/// beside the model.
template <class M>
struct SteppedForm;

/// What becomes of V in the refractory period.
struct RefractoryRule {
  bool clamps = true;  // V stays where the reset put it; else it goes on and only cannot fire
  bool keeps = false;  // jumps of arrivals move a clamped V all the same; else they are lost
};

/// A model that the clock-driven engine takes. Its form is a struct of static functions of plain numbers, so
/// that a loop over neurons compiles to vector instructions: no branches on values, no calls but of
/// core/exponential.
///
///   Variables   what changes, std::array of double, V first (from wherever the model counts it [mV])
///   Inputs      what arrived, std::array of double summed by receptor
///   Constants   what a step of length h [ms] needs, std::array of double
///   kBySign     receptor 0 takes weights > 0 and receptor 1 the others; else a projection names its receptor
///
/// derivative(p, y) is dy/dt [per ms] outside the refractory period. excess(c, y) >= 0 fires; excess_rate(y')
/// is its derivative. reset(c, y) is what a spike leaves. receive(c, y, in) adds arrivals. The engine clamps
/// V itself. Variables other than V must not depend on whether V is clamped, but through its value.
template <class M>
concept SteppedNeuron = NeuronBasis<M> &&
    requires(const typename M::Parameters& p, const typename M::State& s,
             const typename SteppedForm<M>::Variables& y, const typename SteppedForm<M>::Constants& c,
             const typename SteppedForm<M>::Inputs& in, double h) {
  { SteppedForm<M>::kBySign } -> std::convertible_to<bool>;
  { SteppedForm<M>::start(p, s) } -> std::same_as<typename SteppedForm<M>::Variables>;
  { SteppedForm<M>::constants(p, h) } -> std::same_as<typename SteppedForm<M>::Constants>;
  { SteppedForm<M>::derivative(p, y) } -> std::same_as<typename SteppedForm<M>::Variables>;
  { SteppedForm<M>::receive(c, y, in) } -> std::same_as<typename SteppedForm<M>::Variables>;
  { SteppedForm<M>::excess(c, y) } -> std::same_as<double>;
  { SteppedForm<M>::excess_rate(y) } -> std::same_as<double>;
  { SteppedForm<M>::reset(c, y) } -> std::same_as<typename SteppedForm<M>::Variables>;
  { SteppedForm<M>::t_ref(p) } -> std::same_as<Duration>;
  { SteppedForm<M>::refractory(p) } -> std::same_as<RefractoryRule>;
  { SteppedForm<M>::potential(p, y) } -> std::same_as<double>;  // V [mV]
};

/// A model whose variables have a closed form between events: advance(constants(p, h), y) are they h later.
template <class M>
concept HasPropagator = SteppedNeuron<M> &&
    requires(const typename SteppedForm<M>::Variables& y, const typename SteppedForm<M>::Constants& c) {
  { SteppedForm<M>::advance(c, y) } -> std::same_as<typename SteppedForm<M>::Variables>;
};

template <class M>
using SteppedVariables = typename SteppedForm<M>::Variables;
template <class M>
using SteppedConstants = typename SteppedForm<M>::Constants;
template <class M>
using SteppedInputs = typename SteppedForm<M>::Inputs;
template <class M>
inline constexpr std::size_t kSteppedVariables = std::tuple_size_v<SteppedVariables<M>>;
template <class M>
inline constexpr std::size_t kSteppedConstants = std::tuple_size_v<SteppedConstants<M>>;
template <class M>
inline constexpr std::size_t kSteppedReceptors = std::tuple_size_v<SteppedInputs<M>>;

}  // namespace chronotope
