// SPDX-License-Identifier: Apache-2.0
#include "chronotope/tests/reference/clock_reference.hpp"

#include "chronotope/tests/reference/decimal_time.hpp"

namespace chronotope::reference {
namespace {

struct Pending {
  std::int64_t step;
  std::size_t target;
  double weight;
};

/// The grid: which step a stated time belongs to, exactly.
struct Grid {
  Rational dt;

  std::int64_t nearest(double ms) const { return whole_steps(ms, Rational(1, 2)); }
  std::int64_t down(double ms) const { return whole_steps(ms, Rational(1, 1000)); }
  std::int64_t up(double ms) const { return whole_steps(ms, Rational(999999, 1000000)); }

 private:
  std::int64_t whole_steps(double ms, const Rational& more) const {
    return static_cast<std::int64_t>(whole_part(stated_time(ms) / dt + more));
  }
};

/// One neuron: V and two currents, as the textbook has them.
class GridNeuron {
 public:
  GridNeuron(const LifParameters& p, const Grid& grid, GridOrder order)
      : p_(p), order_(order), V_(p.V_initial) {
    resistance_ = Real(p.tau_m) / p.C_m;
    V_inf_ = p.E_L + resistance_ * p.I_e;
    const Real dt = to_real(grid.dt);
    decay_m_ = exp(-dt / p.tau_m);
    decay_ex_ = exp(-dt / p.tau_syn_ex);
    decay_in_ = exp(-dt / p.tau_syn_in);
    onto_V_ex_ = onto_V(dt, p.tau_syn_ex, decay_ex_);
    onto_V_in_ = onto_V(dt, p.tau_syn_in, decay_in_);
    hold_ = order == GridOrder::kNest ? grid.nearest(p.t_ref) : grid.down(p.t_ref);
  }

  /// In NEST's order a spike of step k holds V at steps k + 1 ... k + hold; in Brian2's at k + 1 ... k + hold
  /// - 1.
  bool holds(std::int64_t step) const {
    if (!has_fired_) return false;
    return order_ == GridOrder::kNest ? step <= last_ + hold_ : step < last_ + hold_;
  }
  void integrate(std::int64_t step) {
    if (!holds(step)) V_ = V_inf_ + (V_ - V_inf_) * decay_m_ + onto_V_ex_ * ex_ + onto_V_in_ * in_;
    ex_ *= decay_ex_;
    in_ *= decay_in_;
  }
  bool fires(std::int64_t step) const { return !holds(step) && V_ >= p_.V_th; }
  void fire(std::int64_t step) {
    last_ = step;
    has_fired_ = true;
  }
  void reset() { V_ = p_.V_reset; }
  void arrive(std::int64_t step, double w) {
    if (p_.model == LifModel::kDelta) {
      // In Brian2's order a neuron that fires in this step is refractory before its arrivals.
      const bool refractory = holds(step) || (order_ == GridOrder::kBrian2 && has_fired_ && last_ == step);
      if (!refractory || p_.refractory_input == RefractoryInput::kKeep) V_ += w;
    } else {
      (w > 0 ? ex_ : in_) += w;
    }
  }

 private:
  Real onto_V(const Real& dt, double tau, const Real& decay) const {
    if (tau == p_.tau_m) return resistance_ * dt / tau * decay;
    return resistance_ * tau / (Real(tau) - p_.tau_m) * (decay - decay_m_);
  }

  LifParameters p_;
  GridOrder order_;
  Real V_, ex_ = 0, in_ = 0;
  Real resistance_, V_inf_, decay_m_, decay_ex_, decay_in_, onto_V_ex_, onto_V_in_;
  std::int64_t hold_ = 0;
  std::int64_t last_ = 0;
  bool has_fired_ = false;
};

}  // namespace

std::vector<ClockSpike> run_on_grid(const Network& network, double dt, GridOrder order, std::int64_t steps) {
  const Grid grid{stated_time(dt)};
  std::vector<GridNeuron> neurons;
  for (const LifParameters& p : network.neurons) neurons.emplace_back(p, grid, order);
  std::vector<Pending> pending;
  const auto send = [&](bool external, std::size_t source, std::int64_t step) {
    for (const Synapse& s : network.synapses) {
      if (s.source.is_external != external || s.source.index != source) continue;
      std::int64_t delay = grid.nearest(s.delay);
      if (order == GridOrder::kNest && delay < 1) delay = 1;
      pending.push_back({step + delay, s.target, s.weight});
    }
  };
  for (std::size_t i = 0; i < network.external.size(); ++i)
    for (const double t : network.external[i])
      send(true, i, order == GridOrder::kNest ? grid.up(t) : grid.down(t));
  const auto arrive = [&](std::int64_t step) {
    for (const Pending& p : pending)
      if (p.step == step) neurons[p.target].arrive(step, p.weight);
  };
  std::vector<ClockSpike> spikes;
  for (std::int64_t k = 0; k < steps; ++k) {
    const std::int64_t step = order == GridOrder::kNest ? k + 1 : k;
    std::vector<std::size_t> firing;
    for (GridNeuron& neuron : neurons) neuron.integrate(step);
    if (order == GridOrder::kNest) arrive(step);
    for (std::size_t n = 0; n < neurons.size(); ++n)
      if (neurons[n].fires(step)) firing.push_back(n);
    for (const std::size_t n : firing) {
      neurons[n].fire(step);
      spikes.push_back({step, n});
      send(false, n, step);
    }
    if (order == GridOrder::kBrian2) arrive(step);
    for (const std::size_t n : firing) neurons[n].reset();
  }
  return spikes;
}

}  // namespace chronotope::reference
