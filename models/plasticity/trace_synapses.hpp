// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "chronotope/core/id.hpp"
#include "chronotope/core/prefetch.hpp"

namespace chronotope::models {

/// The synapses of a rule: of each its weight's magnitude and the number of the first postsynaptic spike that
/// it has not accounted for. Memory: 12 bytes per synapse.
struct TraceSynapses {
  std::vector<double> w;
  std::vector<std::uint32_t> next;
  double sign;                  // of all weights, for ever
  bool transmit_before_update;  // an arrival transmits the weight before its own change, else after

  double transmitted(double before, double after) const {
    return sign * (transmit_before_update ? before : after);
  }
  void prefetch(IdRange<SynapseId> synapses) const {
    const std::uint64_t first = index(synapses.front());
    prefetch_begin(std::span(w).subspan(first, synapses.size()));
    prefetch_begin(std::span(next).subspan(first, synapses.size()));
  }
};

}  // namespace chronotope::models
