// SPDX-License-Identifier: Apache-2.0
#include "chronotope/tests/reference/lif_reference.hpp"

#include <algorithm>
#include <cassert>
#include <stdexcept>

namespace chronotope::reference {
namespace {

void require(bool condition, const char* what) {
  if (!condition) throw std::invalid_argument(what);
}

void check(const LifParameters& p) {
  require(p.tau_m > 0 && p.tau_syn_ex > 0 && p.tau_syn_in > 0, "a time constant is not positive");
  require(p.C_m > 0, "C_m is not positive");
  require(p.t_ref >= 0, "t_ref is negative");
  require(p.V_reset < p.V_th, "V_reset is not below V_th");
}

void check(const std::vector<Arrival>& arrivals) {
  const auto later = [](const Arrival& a, const Arrival& b) { return a.time < b.time; };
  require(std::is_sorted(arrivals.begin(), arrivals.end(), later), "arrivals are not sorted");
  require(arrivals.empty() || arrivals.front().time >= 0, "an arrival is before 0");
}

/// The response of V to a current I exp(-rate s): I / C_m times the convolution of the two exponentials,
/// (exp(-rate s) - exp(-membrane s)) / (membrane - rate), and its limit s exp(-membrane s) for equal rates.
void add_response(ExponentialPolynomial& v, const Real& membrane, const Real& rate, const Real& drive) {
  if (rate == membrane) {
    v.add(membrane, 0, drive);
    return;
  }
  const Real amplitude = drive / (membrane - rate);
  v.add(rate, amplitude);
  v.add(membrane, -amplitude);
}

}  // namespace

LifNeuron::LifNeuron(const LifParameters& p)
    : refractory_input_(p.refractory_input),
      model_(p.model),
      membrane_rate_(1 / Real(p.tau_m)),
      excitatory_rate_(1 / Real(p.tau_syn_ex)),
      inhibitory_rate_(1 / Real(p.tau_syn_in)),
      C_m_(p.C_m),
      V_th_(p.V_th),
      t_ref_(stated_time(p.t_ref)),
      final_excess_(Real(p.E_L) + Real(p.tau_m) / Real(p.C_m) * Real(p.I_e) - V_th_),
      reset_excess_(Real(p.V_reset) - V_th_),
      excess_(Real(p.V_initial) - V_th_) {
  check(p);
}

ExponentialPolynomial LifNeuron::trajectory() const {
  ExponentialPolynomial v;
  v.add(0, final_excess_);
  v.add(membrane_rate_, excess_ - final_excess_);
  add_response(v, membrane_rate_, excitatory_rate_, I_ex_ / C_m_);
  add_response(v, membrane_rate_, inhibitory_rate_, I_in_ / C_m_);
  return v;
}

Real LifNeuron::voltage(const Real& t) const {
  if (!is_refractory_) return V_th_ + trajectory()(t - to_real(now_));
  if (t < to_real(refractory_end_)) return V_th_ + excess_;
  LifNeuron free = *this;
  free.advance(refractory_end_);
  return free.voltage(t);
}

/// I_ex only decays and I_in <= 0, so V never exceeds both its present value and the rest value of the
/// present I_ex.
bool LifNeuron::threshold_out_of_reach() const {
  return excess_ < 0 && final_excess_ + I_ex_ / (C_m_ * membrane_rate_) < 0;
}

std::optional<Instant> LifNeuron::next_instant(const Rational& end) const {
  if (is_refractory_) return refractory_end_ <= end ? std::optional(test_at(refractory_end_)) : std::nullopt;
  if (end <= now_) return std::nullopt;
  if (excess_ >= 0) return held_back_at(now_);
  if (threshold_out_of_reach()) return std::nullopt;
  const ExponentialPolynomial v = trajectory();
  const auto elapsed = first_reach(v, to_real(end - now_));
  if (!elapsed) return std::nullopt;
  return crossing_at(to_real(now_) + *elapsed, v.derivative()(*elapsed));
}

void LifNeuron::advance(const Rational& t) {
  assert(t >= now_ && (!is_refractory_ || t <= refractory_end_));
  const Real elapsed = to_real(t - now_);
  now_ = t;
  if (elapsed == 0) return;
  if (!is_refractory_) excess_ = trajectory()(elapsed);
  if (I_ex_ != 0) I_ex_ *= exp(-excitatory_rate_ * elapsed);
  if (I_in_ != 0) I_in_ *= exp(-inhibitory_rate_ * elapsed);
  if (is_refractory_ && now_ == refractory_end_) leave_refractory_period();
}

void LifNeuron::advance(const Instant& instant) {
  advance(instant.time);
  if (instant.fires) excess_ = 0;
}

void LifNeuron::leave_refractory_period() {
  is_refractory_ = false;
  excess_ += kept_;
  kept_ = 0;
  begin();
}

void LifNeuron::begin() {
  beginning_ = to_real(now_);
  beginning_slope_ = abs(trajectory().derivative()(0));
}

Real LifNeuron::carried(const Instant& crossing) const {
  if (crossing.slope <= 0) return 0;
  return beginning_slope_ * exp(-(crossing.reached - beginning_) * membrane_rate_) / crossing.slope;
}

void LifNeuron::receive(const Real& weight) {
  if (model_ == LifModel::kExponentialCurrents)
    (weight > 0 ? I_ex_ : I_in_) += weight;
  else if (!is_refractory_)
    excess_ += weight;
  else if (refractory_input_ == RefractoryInput::kKeep)
    kept_ += weight;
}

Spike LifNeuron::fire(const Instant& instant) {
  const Spike spike{now_, instant.reached, instant.cause, instant.slope, carried(instant)};
  excess_ = reset_excess_;
  last_spike_ = now_;
  refractory_end_ = now_ + t_ref_;
  is_refractory_ = refractory_end_ > now_;
  if (!is_refractory_) begin();
  return spike;
}

Real LifRun::voltage(const Real& t) const {
  const auto earlier = [](const Real& time, const LifNeuron& state) { return time < to_real(state.now()); };
  const auto after = std::upper_bound(states.begin(), states.end(), t, earlier);
  return std::prev(after)->voltage(t);
}

LifRun run_lif(const LifParameters& parameters, const std::vector<Arrival>& arrivals, double until) {
  check(arrivals);
  LifRun run;
  LifNeuron neuron(parameters);
  run.spikes = run_neuron<LifNeuron>(neuron, arrivals, until,
                                     [&](const LifNeuron& state) { run.states.push_back(state); });
  return run;
}

}  // namespace chronotope::reference
