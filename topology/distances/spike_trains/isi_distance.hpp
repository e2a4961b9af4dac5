// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chronotope/topology/distances/spike_trains/spike_train.hpp"

namespace chronotope::topology {

/// ISI distance (Kreuz et al. 2007, J. Neurosci. Methods 165:151), the mean over the observation of
///     |x_a(t) - x_b(t)| / max(x_a(t), x_b(t)),   x(t) = the inter-spike interval around t,
/// in [0, 1], with the edges of ExtendedTrain. The integrand is constant between spikes: exact. O(n + m).
/// Symmetric bit for bit. Requires: all spikes inside the observation.
double isi_distance(SpikeTrain a, SpikeTrain b, const Observation& seen);

}  // namespace chronotope::topology
