// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chronotope/topology/distances/spike_trains/spike_train.hpp"

namespace chronotope::topology {

/// SPIKE distance (Kreuz et al. 2013, J. Neurophysiol. 109:1457), the mean over the observation of
///     S(t) = (S_a x_b + S_b x_a) / (2 <x>^2),   <x> = (x_a + x_b) / 2,
///     S_a  = (g_p (t_f - t) + g_f (t - t_p)) / x_a,
/// with t_p, t_f the knots of a before and after t, x_a = t_f - t_p, and g_p, g_f the distances from these to
/// the nearest knot of b; likewise S_b. Edges as in ExtendedTrain; an auxiliary spike has the g of the spike
/// next to it. In [0, 1]. S is linear between spikes: exact. O(n + m). Symmetric bit for bit.
///
/// As PySpike 0.7, except when a train's only spike lies at the very begin of the observation, where PySpike
/// takes the end of the observation for a spike. Requires: all spikes inside the observation.
double spike_distance(SpikeTrain a, SpikeTrain b, const Observation& seen);

}  // namespace chronotope::topology
