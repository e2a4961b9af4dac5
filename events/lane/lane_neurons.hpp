// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <utility>

#include "chronotope/core/neuron_group.hpp"
#include "chronotope/events/lane/lane_clock.hpp"
#include "chronotope/events/lane/neuron_face.hpp"
#include "chronotope/events/tally.hpp"

namespace chronotope::events {

/// What the parts of a lane share: its neurons, numbered from its first, their clock, and what is counted.
template <NeuronModel M>
class LaneNeurons {
 public:
  using State = typename M::State;
  using Parameters = typename M::Parameters;

  LaneNeurons(NeuronsOf<M>& group, std::uint32_t population, std::uint32_t first, std::uint32_t size)
      : clock(NeuronFace<M>::step(group)),
        group_(&group),
        population_(population),
        first_(first),
        size_(size) {}

  LaneClock clock;
  Tally* tally = nullptr;  // of the window

  /// Of the whole population.
  const NeuronsOf<M>& group() const { return *group_; }
  std::uint32_t first() const { return first_; }
  std::uint32_t size() const { return size_; }
  NeuronId id(std::uint32_t i) const { return NeuronId{first_ + i}; }

  /// Whether all have the same parameters.
  bool are_alike() const { return group_->parameters.is_shared(); }
  const Parameter<NeuronId, Parameters>& all_parameters() const { return group_->parameters; }
  const Parameters& parameters(std::uint32_t i) const { return group_->parameters[id(i)]; }
  State& state(std::uint32_t i) { return group_->states[first_ + i]; }
  /// Of the whole population, as synapses number their targets.
  State* group_states() { return group_->states.data(); }
  std::span<State> states() { return std::span(group_->states).subspan(first_, size_); }
  std::span<const State> states() const {
    return std::span(std::as_const(group_->states)).subspan(first_, size_);
  }

  /// Of neurons that are alike the decays at one time serve all.
  template <class Model = M>
  typename Model::Decay decay(std::uint32_t i, Offset t) {
    if (!are_alike()) return M::decay(parameters(i), t);
    if (t != memo_.at || clock.origin() != memo_.origin)
      memo_ = {t, clock.origin(), M::decay(parameters(i), t)};
    return memo_.decay;
  }

  /// The parameters are to be others.
  void forget_decay() { memo_ = {}; }

  void count_bound() const { ++tally->exactness.bounds_evaluated; }
  Spike spike(std::uint32_t i, Offset t) const { return {clock.time(t), population_, first_ + i}; }
  void break_down(std::uint32_t i, Offset t, const char* what) const {
    const Breakdown found{clock.time(t), population_, first_ + i, what};
    if (!tally->breakdown || found < *tally->breakdown) tally->breakdown = found;
  }

 private:
  template <class Model>
  struct DecayOf {
    struct Type {};
  };
  template <SweptNeuron Model>
  struct DecayOf<Model> {
    using Type = typename Model::Decay;
  };
  /// The latest decay that was computed.
  struct Memo {
    Offset at{-1};
    Time origin;
    typename DecayOf<M>::Type decay{};
  };

  NeuronsOf<M>* group_;
  std::uint32_t population_;
  std::uint32_t first_;
  std::uint32_t size_;
  Memo memo_;
};

}  // namespace chronotope::events
