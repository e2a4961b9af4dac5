// SPDX-License-Identifier: Apache-2.0
#include "chronotope/tests/reference/jump_neuron_reference.hpp"

#include <algorithm>

namespace chronotope::reference {
namespace {

struct Firing {
  Real V_th, V_reset, t_ref, V_initial;
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
      : floor_(p.E_L), V_th_(p.V_th), slope_(Real(p.I_e) / p.C_m - p.leak) {}

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

std::vector<Spike> run(const JumpNeuron& neuron, const Firing& firing, const std::vector<Arrival>& arrivals,
                       double until) {
  std::vector<Spike> spikes;
  Real now = 0, V = firing.V_initial, free_from = 0;
  Real error = 1, moved = 0;  // of V, from its rounding and from the last spike's time
  auto next = arrivals.begin();
  bool crossed = false;
  while (now < until) {
    for (; next != arrivals.end() && next->time == now; ++next)
      if (now >= free_from) V += next->weight;
    if (now >= free_from && (crossed || V >= firing.V_th)) {
      const Real slope = neuron.slope(firing.V_th);
      spikes.push_back(
          {now, crossed ? SpikeCause::kCrossing : SpikeCause::kJump, slope / error, moved / slope});
      V = firing.V_reset;
      free_from = now + firing.t_ref;
      error = 1;
      moved = abs(neuron.slope(V));
    }
    Real stop = next != arrivals.end() && next->time < until ? Real(next->time) : Real(until);
    crossed = false;
    if (now < free_from) {
      now = std::min(stop, free_from);
      continue;
    }
    if (const auto crossing = neuron.time_to_threshold(V); crossing && now + *crossing < stop) {
      crossed = true;
      stop = now + *crossing;
    }
    const Real growth = neuron.growth(V, stop - now);
    error = error * growth + 1;
    moved *= growth;
    V = neuron.after(V, stop - now);
    now = stop;
  }
  return spikes;
}

}  // namespace

std::vector<Spike> run_quadratic(const QuadraticParameters& p, const std::vector<Arrival>& arrivals,
                                 double until) {
  return run(Quadratic(p), {p.V_th, p.V_reset, p.t_ref, p.V_initial}, arrivals, until);
}

std::vector<Spike> run_linear_leak(const LinearLeakParameters& p, const std::vector<Arrival>& arrivals,
                                   double until) {
  return run(LinearLeak(p), {p.V_th, p.V_reset, p.t_ref, p.V_initial}, arrivals, until);
}

Real quadratic_potential(const QuadraticParameters& p, const Real& V, const Real& s) {
  return Quadratic(p).after(V, s);
}

}  // namespace chronotope::reference
