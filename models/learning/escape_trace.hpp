// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "chronotope/models/neurons/escape_noise_lif.hpp"

namespace chronotope::models {

/// Which current an arrival of a synapse joins, whatever its weight is now.
enum class EscapeReceptor : std::uint8_t { kExcitatory, kInhibitory };

/// What a stretch of one neuron's train adds to its log-likelihood
///   L = sum over its spikes of ln rho(t_k) - integral of rho,
/// and to the derivatives of L by the weights of its synapses.
struct EscapeSums {
  double log_hazard = 0;         // the sum over spikes
  double integral = 0;           // of rho: the number of spikes to be expected; infinite beyond e^700/tau_0
  std::vector<double> gradient;  // dL/dw_j [1/pA]
  std::vector<double> information;  // -d2L/dw_j dw_k [1/pA^2], row-major; empty unless asked for
  std::vector<double> intervals;    // integral of rho from spike to spike, the first from the start

  double log_likelihood() const { return log_hazard - integral; }
};

/// One escape_noise_lif neuron whose arrivals and spikes are given, followed from event to event
/// (Gerstner et al. 2014, 9.1 and 10.2; Pfister et al. 2006). Between spikes V is linear in the weights:
///   dV/dw_j = v_j,  tau_m dv_j/dt = -v_j + R i_j,  tau_syn di_j/dt = -i_j,  i_j += 1 at an arrival, v_j = 0 at a spike,
///   dL/dw_j = (1/delta_u) (sum over spikes of v_j(t_k) - integral of rho v_j)
///   -d2L/dw_j dw_k = (1/delta_u^2) integral of rho v_j v_k,
/// so that L is concave in the weights. v_j is what synapse and neuron know of themselves: the eligibility of
/// a rule with three factors is dL/dw_j of the stretch that has just passed.
///
/// The integrals are Gauss-Legendre sums of ten nodes over panels no longer than the shortest time constant in
/// which V moves by at most delta_u: to 1e-12 of the integral. Cost per panel: 60 exponentials, O(synapses),
/// with the information O(synapses^2).
///
/// Requires: calls in order of time; at one instant arrivals before the spike, as in the engine.
class EscapeTrace {
 public:
  EscapeTrace(const EscapeNoiseLif::Parameters& parameters, const EscapeNoiseLif::State& start,
              std::vector<EscapeReceptor> receptors, bool information);

  void arrive(Time t, std::size_t synapse, double weight);
  /// Requires: t >= released().
  void fire(Time t);
  void advance(Time t);

  /// The end of the refractory period: a spike before it has no likelihood.
  Time released() const { return release_; }
  const EscapeSums& sums() const { return sums_; }
  /// The sums since they were last taken.
  EscapeSums take();

 private:
  /// Integrals over a panel of rho times the response of V from its begin on: to V there, and to the two
  /// currents, per unit.
  struct Moments {
    double one = 0;
    double decay = 0;
    double response[2] = {0, 0};
    double decay_decay = 0;
    double decay_response[2] = {0, 0};
    double response_response[3] = {0, 0, 0};  // of excitatory, mixed, inhibitory pairs
  };

  void clear();
  double hazard_exponent(double x) const;
  double panel(double left) const;
  bool rests() const;
  double time_out_of_reach() const;
  void integrate(double ms);
  Moments moments(double ms) const;
  void add(const Moments& moments);
  void pass(double ms);
  void decay_currents(double ms);

  const EscapeNoiseLif::Parameters p_;
  double tau_syn_[2];
  std::vector<EscapeReceptor> receptors_;
  bool has_[2] = {false, false};  // any synapse of the receptor
  bool information_;
  Time now_;
  Time release_;
  double x_;               // V - V_inf [mV]
  double current_[2];      // R I [mV]
  std::vector<double> v_;  // [mV/pA]
  std::vector<double> i_;  // R times it [mV/pA]
  double since_spike_ = 0;
  EscapeSums sums_;
};

}  // namespace chronotope::models
