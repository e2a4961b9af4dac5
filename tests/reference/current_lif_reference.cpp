// SPDX-License-Identifier: Apache-2.0
#include "chronotope/tests/reference/current_lif_reference.hpp"

#include <algorithm>
#include <optional>

#include "chronotope/tests/reference/exponential_polynomial.hpp"

namespace chronotope::reference {
namespace {

/// (constant + linear s) exp(-rate s)
struct Part {
  Real rate;
  Real constant = 0;
  Real linear = 0;

  void advance(const Real& s) {
    if (constant == 0 && linear == 0) return;
    const Real factor = exp(-rate * s);
    constant = (constant + linear * s) * factor;
    linear *= factor;
  }
};

/// The response of a membrane to a current per C_m: the solution of v' = -membrane v + part with v(0) = 0.
void add_response(ExponentialPolynomial& v, const Real& membrane, const Part& part, const Real& C_m) {
  const Real constant = part.constant / C_m, linear = part.linear / C_m;
  if (part.rate == membrane) {
    v.add(membrane, 0, constant, linear / 2);
    return;
  }
  const Real gap = membrane - part.rate;
  const Real slope = linear / gap;
  const Real start = (constant - slope) / gap;
  v.add(part.rate, start, slope);
  v.add(membrane, -start);
}

class CurrentLif {
 public:
  explicit CurrentLif(const CurrentLifParameters& p) : excess_(Real(p.V_initial) - Real(p.V_th)) {
    take(p);
    for (const auto& receptor : p.receptors) currents_.push_back({1 / Real(receptor.tau)});
    for (const auto& feedback : p.adaptation) adaptation_.push_back({1 / Real(feedback.tau)});
    for (const auto& feedback : p.threshold) threshold_.push_back({1 / Real(feedback.tau)});
  }

  void change(const CurrentLifParameters& p) {
    excess_ = refractory_ && p.resets ? Real(p.V_reset) - Real(p.V_th)
                                      : Real(excess_ + Real(p_.V_th) - Real(p.V_th));
    take(p);
    for (std::size_t k = 0; k < currents_.size(); ++k) currents_[k].rate = 1 / Real(p.receptors[k].tau);
    for (std::size_t k = 0; k < adaptation_.size(); ++k) adaptation_[k].rate = 1 / Real(p.adaptation[k].tau);
    for (std::size_t k = 0; k < threshold_.size(); ++k) threshold_[k].rate = 1 / Real(p.threshold[k].tau);
  }

  const Rational& now() const { return now_; }

  std::optional<Instant> next_instant(const Rational& end) const {
    if (refractory_) return refractory_end_ <= end ? std::optional(test_at(refractory_end_)) : std::nullopt;
    if (end <= now_) return std::nullopt;
    if (is_above()) return held_back_at(now_);
    if (out_of_reach()) return std::nullopt;
    const ExponentialPolynomial f = distance();
    const auto elapsed = first_reach(f, to_real(end - now_));
    if (!elapsed) return std::nullopt;
    return crossing_at(to_real(now_) + *elapsed, f.derivative()(*elapsed));
  }

  void advance(const Rational& t) {
    const Real elapsed = to_real(t - now_);
    if (!refractory_ || !p_.resets) excess_ = voltage()(elapsed);
    for (Part& part : currents_) part.advance(elapsed);
    for (Part& part : adaptation_) part.advance(elapsed);
    for (Part& part : threshold_) part.advance(elapsed);
    now_ = t;
    rose_ = false;
    if (refractory_ && now_ == refractory_end_) begin();
  }

  void advance(const Instant& instant) {
    advance(instant.time);
    rose_ = instant.fires;
  }

  void receive(const ReceptorArrival& arrival) {
    const auto& receptor = p_.receptors[arrival.receptor];
    Part& current = currents_[arrival.receptor];
    if (receptor.alpha)
      current.linear += arrival.weight * exp(Real(1)) / Real(receptor.tau);
    else
      current.constant += arrival.weight;
  }

  bool at_threshold() const { return !refractory_ && last_spike_ != now_ && is_above(); }

  Spike fire(const Instant& instant) {
    Spike spike{now_, instant.reached, instant.cause, instant.slope};
    if (instant.slope > 0) spike.carried = inherited() / instant.slope;
    if (p_.resets) excess_ = Real(p_.V_reset) - Real(p_.V_th);
    for (std::size_t k = 0; k < threshold_.size(); ++k) threshold_[k].constant += p_.threshold[k].jump;
    for (std::size_t k = 0; k < adaptation_.size(); ++k) adaptation_[k].constant += p_.adaptation[k].jump;
    last_spike_ = now_;
    rose_ = false;
    refractory_end_ = now_ + t_ref_;
    refractory_ = refractory_end_ > now_;
    if (!refractory_) begin();
    return spike;
  }

 private:
  void take(const CurrentLifParameters& p) {
    p_ = p;
    t_ref_ = stated_time(p.t_ref);
    membrane_ = 1 / Real(p.tau_m);
    final_excess_ = Real(p.E_L) + Real(p.tau_m) / Real(p.C_m) * Real(p.I_e) - Real(p.V_th);
  }

  ExponentialPolynomial voltage() const {
    ExponentialPolynomial v;
    v.add(0, final_excess_);
    v.add(membrane_, excess_ - final_excess_);
    for (const Part& current : currents_) add_response(v, membrane_, current, Real(p_.C_m));
    for (const Part& current : adaptation_) add_response(v, membrane_, current, -Real(p_.C_m));
    return v;
  }

  /// The threshold over V_th.
  Real threshold_excess() const {
    Real sum = 0;
    for (const Part& part : threshold_) sum += part.constant;
    return sum;
  }

  bool is_above() const { return rose_ || excess_ >= threshold_excess(); }

  /// V minus the threshold.
  ExponentialPolynomial distance() const {
    ExponentialPolynomial f = voltage();
    for (const Part& part : threshold_) f.add(part.rate, -part.constant);
    return f;
  }

  /// V stays below the highest rest it could have, the threshold above its lowest part.
  bool out_of_reach() const {
    Real push = 0, lowest = 0;
    for (const Part& current : currents_)
      push += std::max(Real(0), Real(current.constant + current.linear / current.rate));
    for (const Part& current : adaptation_) push += std::max(Real(0), Real(-current.constant));
    for (const Part& part : threshold_) lowest += std::min(Real(0), part.constant);
    return std::max(excess_, Real(final_excess_ + push / (Real(p_.C_m) * membrane_))) < lowest;
  }

  /// V starts freely, or what it did all along becomes visible.
  void begin() {
    refractory_ = false;
    beginning_ = now_;
    beginning_slope_ = p_.resets ? Real(abs(voltage().derivative()(0))) : Real(0);
  }

  /// By how much [mV] a spike that comes 1 ms later moves V - threshold now, at most.
  Real inherited() const {
    const Real elapsed = to_real(now_ - beginning_);
    Real moved = beginning_slope_ * exp(-elapsed * membrane_);
    for (const auto& feedback : p_.threshold)
      moved += abs(Real(feedback.jump)) / feedback.tau * exp(-elapsed / Real(feedback.tau));
    for (const auto& feedback : p_.adaptation)
      moved += abs(Real(feedback.jump)) / feedback.tau * Real(p_.tau_m) / Real(p_.C_m);
    return moved;
  }

  CurrentLifParameters p_;
  Rational t_ref_;
  Real membrane_;
  Real final_excess_, excess_;  // of V(infinity) and V over V_th
  std::vector<Part> currents_, adaptation_, threshold_;
  Rational now_ = 0;
  std::optional<Rational> last_spike_;
  bool rose_ =
      false;  // to the threshold, half a tick from now at most: a V that is not reset goes on as it was
  bool refractory_ = false;
  Rational refractory_end_ = 0;
  Rational beginning_ = 0;
  Real beginning_slope_ = 0;
};

}  // namespace

std::vector<Spike> run_current_lif(const CurrentLifParameters& parameters,
                                   const std::vector<ReceptorArrival>& arrivals, double until) {
  CurrentLif neuron(parameters);
  return run_neuron(neuron, arrivals, until);
}

std::vector<Spike> run_current_lif(const CurrentLifParameters& parameters, const CurrentLifChange& change,
                                   const std::vector<ReceptorArrival>& arrivals, double until) {
  CurrentLif neuron(parameters);
  return run_changing_neuron<CurrentLif, ReceptorArrival>(
      neuron, arrivals, change.time, [&](CurrentLif& n) { n.change(change.now); }, until);
}

}  // namespace chronotope::reference
