// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <vector>

#include "chronotope/tests/reference/real.hpp"

namespace chronotope::reference {

/// When the spikes of the two sides reach one synapse, each increasing. At equal times the arrival is first.
struct SynapseTrains {
  std::vector<Real> arrivals;  // of presynaptic spikes
  std::vector<Real> spikes;    // of the postsynaptic neuron
};

/// Arrivals after the axonal part of the delay, spikes after its dendritic part, in 50 digits [ms].
SynapseTrains at_synapse(const std::vector<double>& emitted, const std::vector<double>& spikes, double delay,
                         double dendritic);

/// Which pairs count, after Morrison, Diesmann & Gerstner 2008.
enum class Partners { kAllToAll, kNearestSymmetric, kPresynapticCentred, kReducedSymmetric };

/// What a spike does to a weight, given the sums over its partners: r1, r2 of arrivals, o1, o2 of spikes.
struct Law {
  double tau_plus = 20;   // r1 [ms]
  double tau_minus = 20;  // o1
  double tau_x = 0;       // r2; 0: there is none
  double tau_y = 0;       // o2
  std::function<Real(const Real& w, const Real& r1, const Real& o2)> spike;
  std::function<Real(const Real& w, const Real& o1, const Real& r2)> arrival;
};

/// The weight after all spikes, O(n^2) and without traces: at every event the sum over all partners. What is
/// left out is below e^-100 of a term. r2 and o2 sum over all earlier spikes of the event's own side, or take
/// the last unless kAllToAll.
Real brute_force_weight(const SynapseTrains& trains, Partners partners, const Law& law, const Real& w);

}  // namespace chronotope::reference
