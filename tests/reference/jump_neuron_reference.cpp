// SPDX-License-Identifier: Apache-2.0
#include "chronotope/tests/reference/jump_neuron_reference.hpp"

#include <algorithm>

namespace chronotope::reference {
namespace {

struct Firing {
  Real V_th, V_reset;
  Rational t_ref;
  Real V_initial;
  bool subtracts = false;  // V_th - V_reset, instead of a reset
};

/// The textbook solutions of u' = r (u^2 + q).
class Quadratic : public JumpNeuron {
 public:
  explicit Quadratic(const QuadraticParameters& p)
      : middle_((Real(p.E_L) + p.V_c) / 2),
        r_(Real(p.a) / p.tau_m),
        q_(Real(p.tau_m) / p.C_m * p.I_e / p.a - (Real(p.V_c) - p.E_L) * (Real(p.V_c) - p.E_L) / 4),
        root_(sqrt(abs(q_))),
        u_th_(p.V_th - middle_) {}

  Real after(const Real& V, const Real& s) const override {
    const Real u = V - middle_;
    if (q_ > 0) return middle_ + root_ * tan(atan(u / root_) + r_ * root_ * s);
    if (q_ == 0) return middle_ + u / (1 - r_ * u * s);
    if (u == -root_) return V;
    const Real k =
        (u - root_) / (u + root_) * exp(2 * r_ * root_ * s);  // (u - p)/(u + p) grows exponentially
    return middle_ + root_ * (1 + k) / (1 - k);
  }

  std::optional<Real> time_to_threshold(const Real& V) const override {
    const Real u = V - middle_;
    if (q_ > 0) return (atan(u_th_ / root_) - atan(u / root_)) / (r_ * root_);
    if (u <= root_ || u_th_ <= root_) return std::nullopt;
    if (q_ == 0) return (1 / u - 1 / u_th_) / r_;
    const auto k = [&](const Real& at) { return Real((at - root_) / (at + root_)); };
    return log(k(u_th_) / k(u)) / (2 * r_ * root_);
  }

  Real slope(const Real& V) const override { return r_ * ((V - middle_) * (V - middle_) + q_); }

  Real growth(const Real& V, const Real& s) const override {
    if (slope(V) == 0) return exp(2 * r_ * (V - middle_) * s);
    return abs(Real(slope(after(V, s)) / slope(V)));
  }

 private:
  Real middle_, r_, q_, root_, u_th_;
};

class LinearLeak : public JumpNeuron {
 public:
  explicit LinearLeak(const LinearLeakParameters& p)
      : floor_(p.has_floor ? p.E_L : -1e30), V_th_(p.V_th), slope_(Real(p.I_e) / p.C_m - p.leak) {}

  Real after(const Real& V, const Real& s) const override {
    return std::max(floor_, Real(std::max(floor_, V) + slope_ * s));
  }
  std::optional<Real> time_to_threshold(const Real& V) const override {
    if (slope_ <= 0) return std::nullopt;
    return (V_th_ - std::max(floor_, V)) / slope_;
  }
  Real slope(const Real&) const override { return slope_; }
  Real growth(const Real&, const Real&) const override { return 1; }

 private:
  Real floor_, V_th_, slope_;
};

/// A neuron's V between instants, and how errors of V and of the last spike's time grow.
class Run {
 public:
  Run(const JumpNeuron& neuron, const Firing& firing)
      : neuron_(&neuron), firing_(firing), V_(firing.V_initial) {}

  void change(const JumpNeuron& neuron, const Firing& firing) {
    neuron_ = &neuron;
    firing_ = firing;
    if (now_ < free_from_ && !firing.subtracts) V_ = firing.V_reset;
  }

  const Rational& now() const { return now_; }

  std::optional<Instant> next_instant(const Rational& end) const {
    if (now_ < free_from_) return free_from_ <= end ? std::optional(test_at(free_from_)) : std::nullopt;
    if (end <= now_) return std::nullopt;
    if (V_ >= firing_.V_th) return held_back_at(now_);
    const auto elapsed = neuron_->time_to_threshold(V_);
    if (!elapsed) return std::nullopt;
    const Instant crossing = crossing_at(to_real(now_) + *elapsed, neuron_->slope(firing_.V_th));
    return crossing.follows(end) ? std::nullopt : std::optional(crossing);
  }

  void advance(const Rational& t) {
    if (now_ >= free_from_) {
      const Real elapsed = to_real(t - now_);
      const Real growth = neuron_->growth(V_, elapsed);
      error_ = error_ * growth + 1;
      moved_ *= growth;
      V_ = neuron_->after(V_, elapsed);
    }
    now_ = t;
  }

  void advance(const Instant& instant) {
    advance(instant.time);
    if (instant.fires) V_ = std::max(V_, firing_.V_th);
  }

  void receive(const Arrival& arrival) {
    if (now_ >= free_from_) V_ += arrival.weight;
  }

  bool at_threshold() const { return now_ >= free_from_ && last_spike_ != now_ && V_ >= firing_.V_th; }

  Spike fire(const Instant& instant) {
    const Real slope = neuron_->slope(firing_.V_th);
    const Spike spike{now_, instant.reached, instant.cause, slope / error_, moved_ / slope};
    V_ = firing_.subtracts ? Real(V_ - (firing_.V_th - firing_.V_reset)) : firing_.V_reset;
    last_spike_ = now_;
    free_from_ = now_ + firing_.t_ref;
    error_ = 1;
    moved_ = abs(neuron_->slope(V_));
    return spike;
  }

 private:
  const JumpNeuron* neuron_;
  Firing firing_;
  Real V_;
  Rational now_ = 0, free_from_ = 0;
  std::optional<Rational> last_spike_;
  Real error_ = 1, moved_ = 0;  // of V, from its rounding and from the last spike's time
};

template <class Parameters>
Firing firing_of(const Parameters& p) {
  Firing firing{p.V_th, p.V_reset, stated_time(p.t_ref), p.V_initial};
  if constexpr (requires { p.subtracts; }) firing.subtracts = p.subtracts;
  return firing;
}

template <class Parameters>
std::vector<Spike> run(const JumpNeuron& neuron, const Parameters& p, const std::vector<Arrival>& arrivals,
                       double until) {
  Run state(neuron, firing_of(p));
  return run_neuron(state, arrivals, until);
}

template <class Neuron, class Parameters>
std::vector<Spike> run_changing(const Parameters& p, const JumpNeuronChange<Parameters>& change,
                                const std::vector<Arrival>& arrivals, double until) {
  const Neuron before(p), after(change.now);
  Run state(before, firing_of(p));
  return run_changing_neuron<Run, Arrival>(
      state, arrivals, change.time, [&](Run& r) { r.change(after, firing_of(change.now)); }, until);
}

}  // namespace

std::vector<Spike> run_quadratic(const QuadraticParameters& p, const std::vector<Arrival>& arrivals,
                                 double until) {
  return run(Quadratic(p), p, arrivals, until);
}

std::vector<Spike> run_linear_leak(const LinearLeakParameters& p, const std::vector<Arrival>& arrivals,
                                   double until) {
  return run(LinearLeak(p), p, arrivals, until);
}

std::vector<Spike> run_quadratic(const QuadraticParameters& p,
                                 const JumpNeuronChange<QuadraticParameters>& change,
                                 const std::vector<Arrival>& arrivals, double until) {
  return run_changing<Quadratic>(p, change, arrivals, until);
}

std::vector<Spike> run_linear_leak(const LinearLeakParameters& p,
                                   const JumpNeuronChange<LinearLeakParameters>& change,
                                   const std::vector<Arrival>& arrivals, double until) {
  return run_changing<LinearLeak>(p, change, arrivals, until);
}

Real quadratic_potential(const QuadraticParameters& p, const Real& V, const Real& s) {
  return Quadratic(p).after(V, s);
}

}  // namespace chronotope::reference
