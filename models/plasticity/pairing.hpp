// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chronotope/core/projection_source.hpp"

namespace chronotope::models {

/// Which pairs of spikes count (Morrison, Diesmann & Gerstner 2008, figure 7):
///
///   all-to-all               every pair
///   nearest symmetric        each spike with the last one of the other side
///   presynaptic-centred      each arrival with the last and the next postsynaptic spike
///   reduced symmetric        as nearest symmetric, only immediate neighbours: no spike of either side
///   between
struct Pairing {
  bool all_arrivals;       // a postsynaptic spike pairs with all earlier arrivals, else with the last
  bool all_spikes;         // an arrival pairs with all earlier postsynaptic spikes, else with the last
  bool next_spike_only;    // an arrival potentiates only with the next postsynaptic spike
  bool next_arrival_only;  // a postsynaptic spike depresses only with the next arrival

  static constexpr Pairing all_to_all() { return {true, true, false, false}; }
  static constexpr Pairing nearest_symmetric() { return {false, false, false, false}; }
  static constexpr Pairing presynaptic_centred() { return {true, false, true, false}; }
  static constexpr Pairing reduced_symmetric() { return {false, false, true, true}; }

  /// What option `pairing` names.
  static Pairing of(const ProjectionSource& source) {
    if (source.chosen("pairing", "NEAREST_SYMMETRIC")) return nearest_symmetric();
    if (source.chosen("pairing", "PRESYNAPTIC_CENTRED")) return presynaptic_centred();
    if (source.chosen("pairing", "REDUCED_SYMMETRIC")) return reduced_symmetric();
    return all_to_all();
  }
};

}  // namespace chronotope::models
