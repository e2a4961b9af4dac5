// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "chronotope/tests/reference/network_reference.hpp"

namespace chronotope::reference {

/// Order and rounding on a grid of time, told step by step.
///
///   kNest    step k takes every neuron from (k - 1) dt to k dt, adds what arrives at k, tests, resets. A
///   neuron that
///            fired keeps its V for the next round(t_ref/dt) steps. An external spike counts from the end of
///            its step on; delays are rounded to the nearest number of steps, at least 1.
///   kBrian2  step k takes every neuron from k dt to (k + 1) dt, tests, adds what arrives at k, resets. A
///   neuron that
///            fired at step k may change V at the state update of step k + floor(t_ref/dt) again. An external
///            spike counts from the begin of its step on; delays are rounded to the nearest number of steps.
enum class GridOrder { kNest, kBrian2 };

struct ClockSpike {
  std::int64_t step;
  std::size_t neuron;

  friend auto operator<=>(const ClockSpike&, const ClockSpike&) = default;
};

/// Runs the network (without plasticity) for `steps` steps in 50 digits, with every arrival in a list that is
/// searched at every step. dt, spike times, delays and t_ref are the decimals that are meant; a spike less
/// than 1e-6 dt beyond the end of a step (NEST), or 1e-3 dt and less before the begin of the next (Brian2),
/// is on the grid. Spikes by (step, neuron).
std::vector<ClockSpike> run_on_grid(const Network& network, double dt, GridOrder order, std::int64_t steps);

}  // namespace chronotope::reference
