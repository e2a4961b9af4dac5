// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chronotope/topology/distances/spike_trains/spike_train.hpp"

namespace chronotope::topology {

/// Squared van Rossum distance (van Rossum 2001, Neural Comput. 13:751): every spike opens exp(-t / tau), and
///     D^2 = (1 / tau) integral of (f_a - f_b)^2 dt
///         = 1/2 sum e^{-|a_i - a_k| / tau} + 1/2 sum e^{-|b_i - b_k| / tau} - sum e^{-|a_i - b_k| / tau},
/// so one spike against none gives 1/2, and one against one, t apart, 1 - e^{-t / tau}.
///
/// Evaluated as the integral between consecutive spikes, whose terms are all >= 0: nothing cancels, nearly
/// equal trains keep their digits and equal trains give 0. Symmetric bit for bit. O(n + m).
/// Requires: tau > 0 [ms].
double squared_van_rossum_distance(SpikeTrain a, SpikeTrain b, double tau);

double van_rossum_distance(SpikeTrain a, SpikeTrain b, double tau);

}  // namespace chronotope::topology
