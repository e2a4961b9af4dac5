// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "chronotope/tests/reference/exponential_polynomial.hpp"
#include "chronotope/tests/reference/instant.hpp"
#include "chronotope/tests/reference/real.hpp"

namespace chronotope::reference {

enum class LifModel {
  kExponentialCurrents,  ///< an arrival of weight w [pA] adds w to I_ex (w > 0) or to I_in (w < 0)
  kDelta                 ///< an arrival of weight w [mV] adds w to V
};

/// What becomes of a delta arrival inside the refractory period. Currents always take every arrival.
enum class RefractoryInput { kDiscard, kKeep };

/// tau_m V' = -(V - E_L) + (tau_m / C_m) (I_ex + I_in + I_e),  tau_syn I' = -I.  Units: ms, mV, pF, pA.
/// Requires: time constants and C_m > 0, t_ref >= 0, V_reset < V_th.
struct LifParameters {
  LifModel model = LifModel::kExponentialCurrents;
  RefractoryInput refractory_input = RefractoryInput::kDiscard;
  double tau_m = 20;
  double C_m = 250;
  double E_L = -70;
  double V_th = -55;
  double V_reset = -70;
  double t_ref = 2;  ///< the decimal that is meant
  double tau_syn_ex = 5;
  double tau_syn_in = 10;
  double I_e = 0;
  double V_initial = -70;
};

struct Arrival {
  double time = 0;    ///< [ms], >= 0, the decimal that is meant
  double weight = 0;  ///< [pA] or [mV], signed
};

/// One neuron between instants. Whoever drives it keeps their order (instant.hpp): advance, receive all
/// arrivals, fire if at_threshold(). It starts at time 0 with V_initial and no currents.
class LifNeuron {
 public:
  /// Throws std::invalid_argument when a requirement of LifParameters is broken.
  explicit LifNeuron(const LifParameters& parameters);

  const Rational& now() const { return now_; }
  /// V at t >= now() if nothing arrives in between and no spike is emitted.
  Real voltage(const Real& t) const;

  /// The first own instant in (now(), end], if any, after the test at now(). The sum of exponentials can not
  /// meet V_th exactly on a tick, so a crossing lies before end.
  std::optional<Instant> next_instant(const Rational& end) const;

  /// Moves to t >= now(), which must not lie beyond next_instant(). At the end of the refractory period V is
  /// free.
  void advance(const Rational& t);
  /// Moves to a next_instant(); where it fires V equals V_th exactly.
  void advance(const Instant& instant);
  /// An arrival of this weight at now().
  void receive(const Real& weight);
  void receive(const Arrival& arrival) { receive(Real(arrival.weight)); }
  /// V >= V_th of a neuron that may fire, and has not fired at this tick.
  bool at_threshold() const { return !is_refractory_ && excess_ >= 0 && last_spike_ != now_; }
  /// A spike at now(): V = V_reset, clamped for t_ref.
  Spike fire(const Instant& instant);

 private:
  /// V(now + s) - V_th for s >= 0 of the free membrane.
  ExponentialPolynomial trajectory() const;
  bool threshold_out_of_reach() const;
  void leave_refractory_period();
  /// V starts freely.
  void begin();
  /// By how much a crossing moves when V begins 1 ms later.
  Real carried(const Instant& crossing) const;

  RefractoryInput refractory_input_;
  LifModel model_;
  Real membrane_rate_, excitatory_rate_, inhibitory_rate_;  // 1 / tau
  Real C_m_, V_th_;
  Rational t_ref_;
  Real final_excess_, reset_excess_;  // of V(infinity) and V_reset over V_th
  Rational now_ = 0;
  Real excess_;  // V - V_th: small differences keep their digits
  Real I_ex_ = 0, I_in_ = 0;
  bool is_refractory_ = false;
  Rational refractory_end_ = 0;
  std::optional<Rational> last_spike_;
  Real kept_ = 0;                             // jumps waiting for the end of the refractory period
  Real beginning_ = 0, beginning_slope_ = 0;  // where V began after the last spike
};

/// What one neuron did: its spikes, and its state after each instant.
struct LifRun {
  std::vector<Spike> spikes;
  std::vector<LifNeuron> states;

  /// V at any t in [0, until); at an instant the value after its arrivals and its spike.
  Real voltage(const Real& t) const;
};

/// Runs one neuron over [0, until). Arrivals sorted by time; those on one tick are one instant.
/// Throws std::invalid_argument for arrivals that are not sorted or before 0.
LifRun run_lif(const LifParameters& parameters, const std::vector<Arrival>& arrivals, double until);

}  // namespace chronotope::reference
