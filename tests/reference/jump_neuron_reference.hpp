// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "chronotope/tests/reference/lif_reference.hpp"
#include "chronotope/tests/reference/real.hpp"

namespace chronotope::reference {

/// A neuron whose only state is V, on which arrivals jump. Units: ms, mV, pF, pA.
class JumpNeuron {
 public:
  virtual ~JumpNeuron() = default;
  /// V after s from V, if it has not fired by then.
  virtual Real after(const Real& V, const Real& s) const = 0;
  /// When V reaches V_th from below, if ever.
  virtual std::optional<Real> time_to_threshold(const Real& V) const = 0;
  /// dV/dt at V.
  virtual Real slope(const Real& V) const = 0;
  /// By how much an error of V grows over s.
  virtual Real growth(const Real& V, const Real& s) const = 0;
};

/// tau_m V' = a (V - E_L)(V - V_c) + (tau_m / C_m) I_e
struct QuadraticParameters {
  double tau_m = 20, C_m = 250, E_L = -70, V_c = -55, a = 0.1, V_th = 30, V_reset = -70, t_ref = 2, I_e = 0;
  double V_initial = -70;
};

/// V' = I_e / C_m - leak, V >= E_L unless it has no floor
struct LinearLeakParameters {
  double C_m = 250, E_L = -70, V_th = -55, V_reset = -70, leak = 0.1, t_ref = 2, I_e = 0;
  double V_initial = -70;
  bool has_floor = true;
  bool subtracts = false;  // V_th - V_reset at a spike
};

/// One neuron over [0, until), in the order of instant.hpp: arrivals in [spike, spike + t_ref) are discarded.
/// Of a crossing, `slope` is what an error of V at every instant since the reset is divided by to move its
/// time.
std::vector<Spike> run_quadratic(const QuadraticParameters& parameters, const std::vector<Arrival>& arrivals,
                                 double until);
std::vector<Spike> run_linear_leak(const LinearLeakParameters& parameters,
                                   const std::vector<Arrival>& arrivals, double until);

/// The same with other constants from a time on, at which nothing arrives: V goes on from where it is; in a refractory
/// period that resets it is what V_reset is now, until when that was to end.
template <class Parameters>
struct JumpNeuronChange {
  double time;
  Parameters now;
};
std::vector<Spike> run_quadratic(const QuadraticParameters& parameters,
                                 const JumpNeuronChange<QuadraticParameters>& change,
                                 const std::vector<Arrival>& arrivals, double until);
std::vector<Spike> run_linear_leak(const LinearLeakParameters& parameters,
                                   const JumpNeuronChange<LinearLeakParameters>& change,
                                   const std::vector<Arrival>& arrivals, double until);

/// The quadratic neuron's V after s, for checks of the closed form itself.
Real quadratic_potential(const QuadraticParameters& parameters, const Real& V, const Real& s);

}  // namespace chronotope::reference
