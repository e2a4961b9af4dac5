// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <vector>

#include "chronotope/tests/reference/decimal_time.hpp"
#include "chronotope/tests/reference/real.hpp"

namespace chronotope::reference {

/// When the spikes of the two sides reach one synapse, in order; arrivals may come several at a time. At
/// equal times arrivals are first.
struct SynapseTrains {
  std::vector<Rational> arrivals;  // of presynaptic spikes
  std::vector<Rational> spikes;    // of the postsynaptic neuron
};

/// Arrivals after the axonal part of the delay, spikes after its dendritic part: of stated times [ms].
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
/// the last unless kAllToAll. Simultaneous arrivals do not see each other: none is earlier than another, none
/// lies between another and a spike; a spike whose last arrival they are pairs with one of them unless
/// all arrivals count.
Real brute_force_weight(const SynapseTrains& trains, Partners partners, const Law& law, const Real& w);

/// A reward: what the law would add to w goes into a trace c, and w' = c (n - b) within [low, high].
struct Modulation {
  struct Reward {
    double time;  // [ms], the decimal that is meant
    Real amount;
  };
  double tau_c = 1000;  // of c [ms]
  double tau_n = 200;   // of n [ms]
  double b = 0;
  Real low = 0;
  Real high = 1;
  std::vector<Reward> rewards;  // in order of time
};

/// The weight at `until` under a reward. c and n are sums over all changes and rewards so far, again at every
/// event; between two events w is integrated in closed form, up to where n = b and from there. The law must
/// not clip.
Real brute_force_rewarded_weight(const SynapseTrains& trains, Partners partners, const Law& law,
                                 const Modulation& modulation, const Real& w, const Rational& until);

}  // namespace chronotope::reference
