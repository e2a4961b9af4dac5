// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>

#include "chronotope/core/neuron_model.hpp"
#include "chronotope/models/neurons/crossing.hpp"

namespace chronotope::models {

/// Quadratic integrate-and-fire neuron with delta synapses (Latham et al. 2000; Gerstner et al. 2014,
/// eq. 5.16).
///
///   tau_m dV/dt = a (V - E_L)(V - V_c) + R I_e;  an arrival adds its weight [mV] to V
///   V >= V_th: spike; V = V_reset for t_ref, in which arrivals are discarded
///
/// With u = V - (E_L + V_c)/2, r = a/tau_m and q = R I_e/a - ((V_c - E_L)/2)^2 it is du/dt = r (u^2 + q),
/// solved by
///   q > 0:  u = sqrt(q) tan(...), which always fires
///   q = 0:  u = u0/(1 - r u0 t)
///   q < 0:  u = -p tanh(...) or -p coth(...), p = sqrt(-q): it falls to the rest -p from below p, and fires
///   from above
/// and the time from u0 to threshold is the difference of two arcs, evaluated as one by their addition
/// theorem.
struct QuadraticLif {
  static constexpr std::string_view kName = "quadratic_lif";

  struct Parameters {
    double r;        // [1/(mV ms)]
    double q;        // [mV^2]
    double root;     // sqrt(|q|) [mV]
    double middle;   // (E_L + V_c)/2 [mV]
    double u_th;     // V_th - middle [mV]
    double u_reset;  // V_reset - middle [mV]
    Duration t_ref;
  };

  /// V at time `at`; in the refractory period `at` is its end and lies in the future.
  struct State {
    Time at;
    double u;  // V - middle [mV]
  };

  static Parameters parameters(const ParameterSource& get) {
    constexpr double kPicoAmpereMegaOhmPerMilliVolt = 1e3;
    const double tau_m = get("tau_m", 20, kTimeConstant);
    const double R_m = get.has("R_m") ? get("R_m", 0, kMembrane) / kPicoAmpereMegaOhmPerMilliVolt
                                      : tau_m / get("C_m", 250, kMembrane);
    const double E_L = get("E_L", -70, kFinite);
    const double V_c = get("V_c", -55, kFinite);
    const double a = get("a", 0.1, kPositive);
    const double V_th = get("V_th", 30, kFinite);
    const double V_reset = get("V_reset", -70, kFinite);
    get.require(V_c > E_L, "V_c", V_c, "must be above E_L = " + to_string(E_L) + " mV");
    get.require(V_th > V_c, "V_th", V_th, "must be above V_c = " + to_string(V_c) + " mV");
    get.require(V_reset < V_th, "V_reset", V_reset, "must be below V_th = " + to_string(V_th) + " mV");
    const double half = (V_c - E_L) / 2;
    const double q = R_m * get("I_e", 0, kFinite) / a - half * half;
    const double middle = E_L + half;
    return {a / tau_m,
            q,
            std::sqrt(std::abs(q)),
            middle,
            V_th - middle,
            V_reset - middle,
            get.duration("t_ref", 2)};
  }
  static State initial_state(const Parameters& p, const ParameterSource& get) {
    return {Time(), get("V_m", get("E_L", -70, kFinite), kFinite) - p.middle};
  }

  static double threshold(const Parameters& p, const State&, Time) { return p.middle + p.u_th; }

  static double potential(const Parameters& p, const State& s, Time t) {
    return p.middle + (t < s.at ? p.u_reset : u_at(p, s, t));
  }

  static void receive(const Parameters& p, State& s, Time t, double w) {
    if (t < s.at) return;
    s = {t, u_at(p, s, t) + w};
  }

  static CrossingTime crossing_bound(const Parameters& p, const State& s, Time now) {
    return first_crossing(s.at, std::max(now, s.at),
                          [&](double ms) { return time_to_threshold(p, u_after(p, s.u, ms)); });
  }

  static void fire(const Parameters& p, State& s, Time t) { s = {t + p.t_ref, p.u_reset}; }

 private:
  /// Infinite from the time on at which u diverges; the threshold is reached before.
  static double u_at(const Parameters& p, const State& s, Time t) { return u_after(p, s.u, (t - s.at).ms()); }
  static double u_after(const Parameters& p, double u, double ms) {
    if (ms == 0) return u;
    return p.q < 0 ? resting(p, u, ms) : driven(p, u, ms);
  }

  static double driven(const Parameters& p, double u, double ms) {
    const double angle = p.r * p.root * ms;
    const double sine = p.root == 0 ? p.r * ms : sin(angle) / p.root;
    const double denominator = cos(angle) - u * sine;
    const bool diverged = denominator <= 0 || angle >= kPi;
    return diverged ? kNoCrossing : (u * cos(angle) + p.q * sine) / denominator;
  }

  static double resting(const Parameters& p, double u, double ms) {
    const double left = exp(-2 * p.r * p.root * ms);
    const double above = u - p.root, below = u + p.root;
    const double denominator = left * below - above;
    return denominator <= 0 ? kNoCrossing : p.root * (above + left * below) / denominator;
  }

  static double time_to_threshold(const Parameters& p, double u) {
    const double gap = p.u_th - u;
    if (gap <= 0) return 0;
    if (p.q > 0) return atan2(p.root * gap, p.q + p.u_th * u) / (p.r * p.root);
    if (p.q == 0) return u > 0 ? gap / (p.u_th * u * p.r) : kNoCrossing;
    const double above = u - p.root;
    if (above <= 0 || p.u_th <= p.root) return kNoCrossing;
    return log1p(2 * p.root * gap / ((p.u_th + p.root) * above)) / (2 * p.r * p.root);
  }

  static constexpr double kPi = 3.14159265358979323846;
};

static_assert(NeuronModel<QuadraticLif>);

}  // namespace chronotope::models
