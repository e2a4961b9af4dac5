// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chronotope/topology/distances/spike_trains/spike_train.hpp"

namespace chronotope::topology {

/// Victor-Purpura distance (Victor & Purpura 1996, J. Neurophysiol. 76:1310, D^spike[q]): the least cost of
/// turning one train into the other, where deleting or inserting a spike costs 1 and moving one by t costs
/// q t. q = 0 counts spikes; a large q counts coincidences.
///
/// Dynamic programme over pairs of prefixes, O(n m) time, O(min(n, m)) memory. Symmetric bit for bit.
/// Requires: q >= 0 [1/ms].
double victor_purpura_distance(SpikeTrain a, SpikeTrain b, double q);

}  // namespace chronotope::topology
