// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string_view>

#include "chronotope/core/neuron_model.hpp"
#include "chronotope/core/two_doubles.hpp"
#include "chronotope/models/closed_forms/crossing.hpp"
#include "chronotope/models/closed_forms/membrane.hpp"
#include "chronotope/models/closed_forms/synaptic_kernel.hpp"

namespace chronotope::models {

/// Leaky integrate-and-fire neuron with exponential synaptic currents (NEST: iaf_psc_exp), for any time
/// constants.
///
///   tau_m dV/dt = -(V - V_inf) + R (I_ex + I_in),   tau_s dI_s/dt = -I_s
///   an arrival of weight w [pA] adds w to I_ex (w > 0) or to I_in (w < 0)
///   V >= V_th: spike; V = V_reset for t_ref while the currents go on
///
/// Between arrivals V(t) = V_inf + A e^(-t/tau_m) + B_ex u_ex(t) + B_in u_in(t), t from the origin
/// (synaptic_kernel.hpp).
///
/// Invariants: R I_ex >= 0 and R I_in <= 0, which the crossing bounds rely on.
struct ExpPscLif {
  static constexpr std::string_view kName = "exp_psc_lif";

  struct Parameters {
    Membrane membrane;
    double tau_syn_ex;  // [ms]
    double tau_syn_in;  // [ms]
    SynapticKernel ex;
    SynapticKernel in;
    double rate_m;  // 1/tau_m
    double rise;    // [ms] in which a current would get to its peak if it kept its first slope
    Offset step;    // of the origin
    Offset t_ref;
    std::array<double, 5>
        rebase;  // e^(-step/tau) of m, ex and in; phi(step) of ex and in, 0 for separate ones
  };

  /// In the refractory period A is its end [ticks]. All are per e^(t/tau), in mV (times a rate for close
  /// constants).
  struct alignas(32) State {
    double A;
    double B_ex;
    double B_in;
    double headroom;  // excitatory potential that may still arrive [mV]; -infinity in the refractory period
  };

  struct Pulse {
    double A;
    double B_ex;
    double B_in;
    double headroom;
    friend Pulse operator*(double w, const Pulse& p) {
      return {w * p.A, w * p.B_ex, w * p.B_in, w * p.headroom};
    }
    friend Pulse operator-(const Pulse& p, const Pulse& q) {
      return {p.A - q.A, p.B_ex - q.B_ex, p.B_in - q.B_in, p.headroom - q.headroom};
    }
    friend Pulse operator+(const Pulse& p, const Pulse& q) {
      return {p.A + q.A, p.B_ex + q.B_ex, p.B_in + q.B_in, p.headroom + q.headroom};
    }
  };
  static constexpr std::size_t kExponentials = 2;

  static Parameters parameters(const ParameterSource& get) {
    Parameters p{};
    p.membrane = read_membrane(get);
    p.rate_m = 1 / p.membrane.tau_m;
    p.t_ref = p.membrane.t_ref.offset();
    p.tau_syn_ex = get("tau_syn_ex", 5, kTimeConstant);
    p.tau_syn_in = get("tau_syn_in", 10, kTimeConstant);
    return p;
  }
  static State initial_state(const Parameters& p, const ParameterSource& get) {
    return {initial_distance(p.membrane, get), 0, 0, kBlocked};
  }

  using Injection = MembraneInjection;
  static Injection injection(const ParameterSource& get) { return read_injection(get); }
  static void inject(Parameters& p, const Injection& current, double I) {
    p.membrane.set_drive(current.drive(I));
  }

  static double fastest(const Parameters& p) {
    return std::min({p.membrane.tau_m, p.tau_syn_ex, p.tau_syn_in});
  }
  static void set_origin_step(Parameters& p, Offset origin_step) {
    const Membrane& m = p.membrane;
    const double step = origin_step.ms();
    p.step = origin_step;
    p.ex = SynapticKernel::make(m.tau_m, p.tau_syn_ex, m.resistance, step);
    p.in = SynapticKernel::make(m.tau_m, p.tau_syn_in, m.resistance, step);
    p.rise = p.ex.peak / (m.resistance * p.rate_m);
    p.rebase = {exp(-step * p.rate_m), exp(-step * p.ex.rate), exp(-step * p.in.rate),
                p.ex.separate ? 0 : p.ex.phi(step), p.in.separate ? 0 : p.in.phi(step)};
  }
  static void rebase(const Parameters& p, State& s) {
    const auto& [m, ex, in, phi_ex, phi_in] = p.rebase;
    s.A = is_refractory(s) ? s.A - p.step.ticks : m * (s.A + s.B_ex * phi_ex + s.B_in * phi_in);
    s.B_ex *= ex;
    s.B_in *= in;
  }

  static void rebase(const Parameters& p, Pulse& drive) {
    const auto& [m, ex, in, phi_ex, phi_in] = p.rebase;
    drive = {m * (drive.A + drive.B_ex * phi_ex + drive.B_in * phi_in), ex * drive.B_ex, in * drive.B_in, 0};
  }

  static std::array<double, 2> exponents(const Parameters& p, Offset t, double w) {
    return {t.ms() * p.rate_m, t.ms() * (w > 0 ? p.ex : p.in).rate};
  }
  static Pulse pulse(const Parameters& p, const std::array<double, 2>& e, Offset t, double w) {
    const SynapticKernel& k = w > 0 ? p.ex : p.in;
    const double A = k.onto_A(t.ms(), e[0], e[1]);
    const double B = k.onto_B(e[1]);
    return w > 0 ? Pulse{A, B, 0, -k.peak} : Pulse{A, 0, B, 0};
  }

  static Pulse sum_of_pulses(const Parameters& p, const std::array<double, 2>& e, const ArrivalSums<2>& sums,
                             double w) {
    const SynapticKernel& k = w > 0 ? p.ex : p.in;
    const double A = k.sum_onto_A(e[0], e[1], sums);
    const double B = k.onto_B(e[1] * sums.exponentials[1]);
    return w * (w > 0 ? Pulse{A, B, 0, -k.peak * sums.count} : Pulse{A, 0, B, 0});
  }

  static bool absorb(State& s, const Pulse& kick) {
    const double headroom = s.headroom + kick.headroom;
    if (headroom < 0) return false;
    s = {s.A + kick.A, s.B_ex + kick.B_ex, s.B_in + kick.B_in, headroom};
    return true;
  }
  static void receive(const Parameters&, State& s, const Pulse& kick, double) {
    if (!is_refractory(s)) s.A += kick.A;
    s.B_ex += kick.B_ex;
    s.B_in += kick.B_in;
  }
  static void block(State& s) { s.headroom = kBlocked; }
  static bool reserve(State& s, const Pulse& kick) {
    s.headroom += kick.headroom;
    return s.headroom >= 0;
  }

  static bool is_refractory(const State& s) { return s.headroom == -kInfinity; }
  static Offset ready(const State& s) { return {s.A}; }
  static void fire(const Parameters& p, State& s, Offset t) {
    s.A = (t + p.t_ref).ticks;
    s.headroom = -kInfinity;
  }
  static void end_refractory(const Parameters& p, State& s, Offset t) {
    const Decay d = decay(p, t);
    s.A = (p.membrane.x_reset - (s.B_ex * d.u_ex + s.B_in * d.u_in)) * exp(t.ms() * p.rate_m);
    s.headroom = kBlocked;
  }

  /// What the terms of V and the currents have come down to at t.
  struct Decay {
    double m;
    double ex;
    double in;
    double u_ex;
    double u_in;
  };
  static Decay decay(const Parameters& p, Offset t) { return decay_at(p, t.ms()); }

  static Decay decay_at_origin(const Parameters& p) { return {1, 1, 1, p.ex.u(0, 1, 1), p.in.u(0, 1, 1)}; }

  /// The gap to the threshold is split: where the excitation on its way can not bring V there, what is left
  /// of the gap is headroom for ever; else V may climb most of it by itself, and the rest is headroom.
  /// Headroom counts peaks of potentials; in a short span a current does not get so far, but to span/tau_m at
  /// most.
  static double watch(const Parameters& p, State& s, const Decay& d, Offset t) {
    const Membrane& m = p.membrane;
    const Drive now = drive(p, s, d);
    const double gap = m.x_th - now.X;
    if (gap <= 0) {
      s.headroom = kBlocked;
      return t.ms();
    }
    const double room = gap + std::min(0.0, now.X) - now.D_ex / m.resistance * p.ex.peak;
    if (room >= 0.25 * gap) {
      s.headroom = room;
      return kNoCrossing;
    }
    const double span = time_below(p, now, (1 - kHeadroomShare) * gap);
    s.headroom = kHeadroomShare * gap * (span < p.rise ? p.rise / span : 1);
    return t.ms() + span;
  }

  /// In a span V climbs no higher than when it relaxes towards the excitation at its begin and the inhibition
  /// at its end: X + climb max(0, pull - X).
  struct Horizon {
    double m;  // X = m A + ex B_ex + in B_in
    double ex;
    double in;
    double pull_ex;  // pull = pull_ex B_ex + pull_in B_in
    double pull_in;
    double climb;  // at least 1 - e^(-span/tau_m)
    double share;  // peaks of potentials that a gap of 1 mV has room for
    double x_th;
  };
  static Horizon horizon(const Parameters& p, const Decay& d, Offset length) {
    const double span = length.ms();
    const double left_of_in = std::max(0.0, 1 - span * p.in.rate);  // at most e^(-span/tau_in)
    return {d.m,
            d.u_ex,
            d.u_in,
            p.ex.current * d.ex,
            p.in.current * d.in * left_of_in,
            std::min(1.0, span * p.rate_m),
            span < p.rise ? p.rise / span : 1,
            p.membrane.x_th};
  }
  static bool watch_until(State& s, const Horizon& h) {
    s.headroom = headroom_until(h, s.A, s.B_ex, s.B_in);
    return s.headroom > 0;
  }
  static bool watch_driven(State& s, const Pulse& drive, const Pulse& kick, const Horizon& h) {
    s.headroom = headroom_until(h, s.A + drive.A, s.B_ex + drive.B_ex, s.B_in + drive.B_in) + kick.headroom;
    return s.headroom > 0;
  }
  template <class Failed>
  static void watch_all(std::span<State> states, const Horizon& horizon, Failed failed) {
    const Horizon h = horizon;
    std::size_t k = 0;
    for (; k + 2 <= states.size(); k += 2) {
      State& s = states[k];
      State& r = states[k + 1];
      const TwoDoubles before{s.headroom, r.headroom};
      const TwoDoubles room =
          headroom_until(h, TwoDoubles{s.A, r.A}, TwoDoubles{s.B_ex, r.B_ex}, TwoDoubles{s.B_in, r.B_in});
      const TwoDoubles kept = before == -kInfinity ? before : room;
      s.headroom = kept[0];
      r.headroom = kept[1];
      if (std::min(kept[0], kept[1]) > 0) [[likely]]
        continue;
      for (std::size_t j = k; j < k + 2; ++j)
        if (!is_refractory(states[j]) && states[j].headroom <= 0) failed(j);
    }
    if (k < states.size() && !is_refractory(states[k]) && !watch_until(states[k], h)) failed(k);
  }

  static CrossingBound crossing_bound(const Parameters& p, const State& s, Offset t) {
    return anchored_crossing(t.ms(), [&](double ms) { return time_below_threshold(p, s, ms); });
  }

  /// A counts from V_inf; where only that has moved, nothing else is rounded.
  static void keep_potential(const Parameters& before, const Parameters& now, State& s, Offset was,
                             Offset is) {
    const Membrane& m = before.membrane;
    if (is_swept_alike(before, now)) {
      if (!is_refractory(s)) s.A += (m.V_inf - now.membrane.V_inf) * exp(is.ms() * now.rate_m);
      return;
    }
    const Drive then = drive(before, s, decay(before, was));
    const double gain = now.membrane.resistance / m.resistance;
    s.B_ex = gain * then.D_ex / now.ex.current * exp(is.ms() * now.ex.rate);
    s.B_in = gain * then.D_in / now.in.current * exp(is.ms() * now.in.rate);
    if (is_refractory(s)) {
      s.A += (is - was).ticks;
      return;
    }
    const Decay d = decay(now, is);
    s.A =
        (m.moved_to(now.membrane, then.X) - (s.B_ex * d.u_ex + s.B_in * d.u_in)) * exp(is.ms() * now.rate_m);
  }

  static double excess(const Parameters& p, const State& s, Offset t) {
    return drive(p, s, decay(p, t)).X - p.membrane.x_th;
  }
  static double potential(const Parameters& p, const State& s, Offset t) {
    if (!is_refractory(s)) return p.membrane.V_inf + drive(p, s, decay(p, t)).X;
    if (t < ready(s)) return p.membrane.V_reset;
    State free = s;
    end_refractory(p, free, ready(s));
    return potential(p, free, t);
  }

  static double synaptic_current(const Parameters& p, const State& s, Offset t, std::uint32_t receptor) {
    const SynapticKernel& k = receptor == 0 ? p.ex : p.in;
    return k.current * (receptor == 0 ? s.B_ex : s.B_in) * exp(-t.ms() * k.rate) / p.membrane.resistance;
  }

 private:
  /// Whether coordinates mean the same but for V_inf.
  static bool is_swept_alike(const Parameters& a, const Parameters& b) {
    return a.membrane.tau_m == b.membrane.tau_m && a.membrane.resistance == b.membrane.resistance &&
           a.tau_syn_ex == b.tau_syn_ex && a.tau_syn_in == b.tau_syn_in && a.step == b.step;
  }

  static constexpr double kInfinity = std::numeric_limits<double>::infinity();
  static constexpr double kBlocked = -1;
  static constexpr double kHeadroomShare = 0.25;  // measured: docs/engine.md

  static Decay decay_at(const Parameters& p, double ms) {
    std::array<double, 4> e{-ms * p.rate_m, -ms * p.ex.rate, -ms * p.in.rate, 0};
    exp_all(e);
    return {e[0], e[1], e[2], p.ex.u(ms, e[0], e[1]), p.in.u(ms, e[0], e[2])};
  }

  template <class Real>
  static Real headroom_until(const Horizon& h, const Real& A, const Real& B_ex, const Real& B_in) {
    const Real X = h.m * A + (h.ex * B_ex + h.in * B_in);
    const Real pull = h.pull_ex * B_ex + h.pull_in * B_in - X;
    return (h.x_th - X - (pull > 0 ? pull * h.climb : Real{})) * h.share;
  }

  /// V - V_inf and the two R I at one time [mV].
  struct Drive {
    double X;
    double D_ex;  // >= 0
    double D_in;  // <= 0
  };
  static Drive drive(const Parameters& p, const State& s, const Decay& d) {
    return {s.A * d.m + (s.B_ex * d.u_ex + s.B_in * d.u_in), p.ex.current * s.B_ex * d.ex,
            p.in.current * s.B_in * d.in};
  }

  /// How long V certainly stays less than `rise` > 0 above what it is now. Up to there
  /// V'' <= ((V + rise - V_inf - D_in)/tau_m - D_in/tau_in)/tau_m, so V lies under a parabola.
  static double time_below(const Parameters& p, const Drive& now, double rise) {
    const double slope = (now.D_ex + now.D_in - now.X) * p.rate_m;
    const double curvature = ((now.X + rise - now.D_in) * p.rate_m - now.D_in * p.in.rate) * p.rate_m;
    return parabola_bound(rise, slope, std::max(0.0, curvature));
  }

  /// How long V certainly stays below V_th from t on: the larger of two lower bounds of the first crossing.
  /// 1. Inhibition dropped and excitation held, V relaxes towards V_inf + D_ex; if that is not above V_th,
  ///    there is no crossing.
  /// 2. The parabola, which near the crossing is a Newton step from the left.
  static double time_below_threshold(const Parameters& p, const State& s, double ms) {
    const Membrane& m = p.membrane;
    const Drive now = drive(p, s, decay_at(p, ms));
    const double gap = m.x_th - now.X;
    // A threshold that V only approaches for ever is not reached when rounding says so.
    if (gap < 0 || (gap == 0 && now.D_ex + now.D_in > now.X)) return 0;
    const double distance = now.D_ex - m.x_th;
    if (distance <= 0) return kNoCrossing;
    if (gap == 0) return successor(0);
    return std::max(relaxation_bound(gap, distance, m.tau_m), time_below(p, now, gap));
  }
};

static_assert(DrivenNeuron<ExpPscLif> && RetunedNeuron<ExpPscLif> && InjectedNeuron<ExpPscLif> &&
              HasCurrents<ExpPscLif, Offset>);

}  // namespace chronotope::models
