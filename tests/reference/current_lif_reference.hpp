// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "chronotope/tests/reference/instant.hpp"

namespace chronotope::reference {

/// A LIF neuron with any list of receptors, of threshold parts and of adaptation currents.
///   tau_m V' = -(V - E_L) + (tau_m / C_m) (sum of currents - sum of adaptation currents + I_e)
///   fires at V >= V_th + sum of threshold parts; then every part and adaptation current jumps, and for t_ref
///   it can not fire and (if it resets) V stays at V_reset.
/// Units: ms, mV, pF, pA.
struct CurrentLifParameters {
  /// An arrival of weight w adds w exp(-s / tau), or (alpha) w (s / tau) exp(1 - s / tau).
  struct Receptor {
    double tau;
    bool alpha = false;
  };
  /// Jumps at every own spike, decays with tau.
  struct Feedback {
    double jump;
    double tau;
  };

  double tau_m = 20;
  double C_m = 250;
  double E_L = -70;
  double V_th = -55;
  double V_reset = -70;
  double t_ref = 2;  ///< the decimal that is meant
  double I_e = 0;
  double V_initial = -70;
  bool resets = true;
  std::vector<Receptor> receptors;
  std::vector<Feedback> threshold;   // [mV]
  std::vector<Feedback> adaptation;  // [pA]
};

struct ReceptorArrival {
  double time = 0;  ///< [ms], the decimal that is meant
  double weight = 0;
  std::size_t receptor = 0;
};

/// Runs one neuron over [0, until), from crossing to arrival to crossing, in the order of instant.hpp.
/// Arrivals sorted by time.
std::vector<Spike> run_current_lif(const CurrentLifParameters& parameters,
                                   const std::vector<ReceptorArrival>& arrivals, double until);

/// The same of a neuron whose constants are `now` from a time on, at which nothing arrives: V, currents and parts of
/// the threshold go on from where they are; in a refractory period V is what V_reset is now, until when it was to end.
struct CurrentLifChange {
  double time;
  CurrentLifParameters now;
};
std::vector<Spike> run_current_lif(const CurrentLifParameters& parameters, const CurrentLifChange& change,
                                   const std::vector<ReceptorArrival>& arrivals, double until);

}  // namespace chronotope::reference
