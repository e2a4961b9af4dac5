// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "chronotope/core/neuron_group.hpp"
#include "chronotope/core/neuron_model.hpp"

namespace chronotope::tests {

/// The least a lane can move: V is a sum of weights, which fires at 1, and the neuron fires at a time it is told, if
/// nothing arrives before.
struct SteppingNeuron {
  static constexpr std::string_view kName = "stepping";
  struct Parameters {};
  struct State {
    double V = 0;
    Time fires = Time::never();
    double beyond = 0;   // of that time [ticks]
    bool stays = false;  // above the threshold when it has fired
  };

  static Parameters parameters(const ParameterSource&) { return {}; }
  static State initial_state(const Parameters&, const ParameterSource&) { return {}; }
  static void receive(const Parameters&, State& s, Time, double w) {
    s.V += w;
    s.fires = Time::never();
  }
  static CrossingTime crossing_bound(const Parameters&, const State& s, Time now) {
    if (s.V >= 1) return {now, 0, true};
    return s.fires.is_never() ? CrossingTime{Time::never()}
                              : CrossingTime{std::max(now, s.fires), s.beyond, true};
  }
  static void fire(const Parameters&, State& s, Time) {
    s.V = 0;
    if (!s.stays) s.fires = Time::never();
  }
  static double potential(const Parameters&, const State& s, Time) { return s.V; }
  static double threshold(const Parameters&, const State&, Time) { return 1; }
};
static_assert(PointwiseNeuron<SteppingNeuron>);

inline NeuronsOf<SteppingNeuron> stepping_neurons(std::uint32_t size) {
  NeuronsOf<SteppingNeuron> group;
  group.size = size;
  group.states.resize(size);
  group.parameters = Parameter<NeuronId, SteppingNeuron::Parameters>(SteppingNeuron::Parameters{});
  return group;
}

}  // namespace chronotope::tests
