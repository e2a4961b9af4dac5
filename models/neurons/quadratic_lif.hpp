// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>

#include "chronotope/core/exponential.hpp"
#include "chronotope/core/neuron_model.hpp"
#include "chronotope/core/parameter_source.hpp"
#include "chronotope/models/closed_forms/crossing.hpp"

namespace chronotope::models {

/// Quadratic integrate-and-fire neuron with delta synapses (Latham et al. 2000; Gerstner et al. 2014,
/// eq. 5.16).
///
///   tau_m dV/dt = a (V - E_L)(V - V_c) + R I_e;  an arrival adds its weight [mV] to V
///   V >= V_th: spike; V = V_reset for t_ref, in which arrivals are discarded
///
/// With u = V - (E_L + V_c)/2, r = a/tau_m and q = R I_e/a - ((V_c - E_L)/2)^2 it is du/dt = r (u^2 + q).
///   q >= 0: u(t) = (u C + q S)/(C - u S),  C = cos(r p t), S = sin(r p t)/p, p = sqrt(q); it always fires
///   but for
///           q = 0, u <= 0
///   q < 0:  y = u - p, p = sqrt(-q), is the distance from the unstable potential and dy/dt = r y (y + 2 p):
///           1/y(t) = e^(-2 r p t)/y - (1 - e^(-2 r p t))/(2 p); below 0 it falls to the rest -2 p, above it
///           fires
/// and the time from u to threshold is the difference of two arcs, evaluated as one by their addition
/// theorem. Both have the critical drive q = 0 as their limit and lose no digits near it: q is a difference
/// of exact products, and 1 - e^-x is expm1.
struct QuadraticLif {
  static constexpr std::string_view kName = "quadratic_lif";

  struct Parameters {
    double r;        // [1/(mV ms)]
    double q;        // [mV^2]
    double root;     // sqrt(|q|) [mV]
    double middle;   // (E_L + V_c)/2 [mV]
    double saddle;   // root where q < 0, else 0: y = V - middle - saddle [mV]
    double y_th;     // of V_th
    double y_reset;  // of V_reset
    Duration t_ref;
  };

  /// V at time `at`; in the refractory period `at` is its end and lies in the future.
  struct State {
    Time at;
    double y;  // V - middle - saddle [mV]
  };

  /// What q is made of.
  struct Injection {
    double scale;    // R_m [MOhm], or tau_m [ms]
    double divisor;  // from MOhm pA to mV, or C_m [pF]
    double a;        // [1/mV]
    double E_L;      // [mV]
    double V_c;      // [mV]
    double V_th;     // [mV]
    double V_reset;  // [mV]
    double I_e;      // [pA]
  };
  static Injection injection(const ParameterSource& get) {
    const bool has_resistance = get.has("R_m");
    return {has_resistance ? get("R_m", 0, kMembrane) : get("tau_m", 20, kTimeConstant),
            has_resistance ? kPicoAmpereMegaOhmPerMilliVolt : get("C_m", 250, kMembrane),
            get("a", 0.1, kPositive),
            get("E_L", -70, kFinite),
            get("V_c", -55, kFinite),
            get("V_th", 30, kFinite),
            get("V_reset", -70, kFinite),
            get("I_e", 0, kFinite)};
  }
  static void inject(Parameters& p, const Injection& of, double I) {
    p.q = excess_drive(of.scale, of.I_e + I, of.divisor, of.a, of.V_c, of.E_L);
    p.root = std::sqrt(std::abs(p.q));
    p.saddle = p.q < 0 ? p.root : 0;
    p.y_th = (of.V_th - p.middle) - p.saddle;
    p.y_reset = (of.V_reset - p.middle) - p.saddle;
  }

  static Parameters parameters(const ParameterSource& get) {
    const Injection of = injection(get);
    get.require(of.V_c > of.E_L, "V_c", of.V_c, "must be above E_L = " + to_string(of.E_L) + " mV");
    get.require(of.V_th > of.V_c, "V_th", of.V_th, "must be above V_c = " + to_string(of.V_c) + " mV");
    get.require(of.V_reset < of.V_th, "V_reset", of.V_reset,
                "must be below V_th = " + to_string(of.V_th) + " mV");
    Parameters p{};
    p.r = of.a / get("tau_m", 20, kTimeConstant);
    p.middle = of.E_L + (of.V_c - of.E_L) / 2;
    p.t_ref = get.duration("t_ref", 2);
    inject(p, of, 0);
    return p;
  }
  static State initial_state(const Parameters& p, const ParameterSource& get) {
    return {Time(), (get("V_m", get("E_L", -70, kFinite), kFinite) - p.middle) - p.saddle};
  }

  static double threshold(const Parameters& p, const State&, Time) { return V(p, p.y_th); }

  static double potential(const Parameters& p, const State& s, Time t) {
    return V(p, t < s.at ? p.y_reset : y_after(p, s.y, (t - s.at).ms()));
  }

  static void receive(const Parameters& p, State& s, Time t, double w) {
    if (t < s.at) return;
    s = {t, y_after(p, s.y, (t - s.at).ms()) + w};
  }

  static CrossingTime crossing_bound(const Parameters& p, const State& s, Time now) {
    return first_crossing(s.at, std::max(now, s.at),
                          [&](double ms) { return time_to_threshold(p, y_after(p, s.y, ms)); });
  }

  static void fire(const Parameters& p, State& s, Time t) { s = {t + p.t_ref, p.y_reset}; }

  static void keep_potential(const Parameters& before, const Parameters& now, State& s, Time t) {
    if (t < s.at)
      s.y = now.y_reset;
    else
      s = {t, y_after(before, s.y, (t - s.at).ms()) +
                  ((before.middle - now.middle) + (before.saddle - now.saddle))};
  }

 private:
  static constexpr double kPicoAmpereMegaOhmPerMilliVolt = 1e3;

  static double V(const Parameters& p, double y) { return p.middle + (p.saddle + y); }

  /// q = x I_e/(c a) - ((V_c - E_L)/2)^2 [mV^2], R = x/c: products and V_c - E_L are split into two doubles
  /// that are exact together, so that little is lost where the two terms nearly cancel.
  static double excess_drive(double x, double I_e, double c, double a, double V_c, double E_L) {
    const double range = V_c - E_L;
    const double back = range - V_c;
    const double rest = (V_c - (range - back)) - (E_L + back);  // of V_c - E_L
    const double square = range * range;
    const double square_rest = std::fma(range, range, -square) + 2 * range * rest;
    const double divisor = c * a;
    const double divisor_rest = std::fma(c, a, -divisor);
    const double needed = divisor * square;
    const double needed_rest =
        std::fma(divisor, square, -needed) + (divisor * square_rest + divisor_rest * square);
    const double drive = x * I_e;
    const double drive_rest = std::fma(x, I_e, -drive);
    return ((drive - needed / 4) + (drive_rest - needed_rest / 4)) / divisor;
  }

  /// y after `ms`; infinite from the time on at which it diverges, before which it reaches the threshold.
  static double y_after(const Parameters& p, double y, double ms) {
    if (ms == 0) return y;
    return p.q < 0 ? resting(p, y, ms) : driven(p, y, ms);
  }

  /// Divided by y: nothing overflows however far from 0 it is.
  static double driven(const Parameters& p, double y, double ms) {
    const double angle = p.r * p.root * ms;
    if (y == 0) return angle < kPi / 2 ? p.root * sin(angle) / cos(angle) : kNoCrossing;
    const double sine = p.root == 0 ? p.r * ms : sin(angle) / p.root;
    const double denominator = cos(angle) / y - sine;
    const bool diverged = (y > 0 ? denominator <= 0 : denominator >= 0) || angle >= kPi;
    return diverged ? kNoCrossing : (cos(angle) + p.q * sine / y) / denominator;
  }

  static double resting(const Parameters& p, double y, double ms) {
    if (y == 0) return 0;
    const double exponent = -2 * p.r * p.root * ms;
    const double denominator = exp(exponent) / y + expm1(exponent) / (2 * p.root);
    return y > 0 && denominator <= 0 ? kNoCrossing : 1 / denominator;
  }

  static double time_to_threshold(const Parameters& p, double y) {
    const double gap = p.y_th - y;
    if (gap <= 0) return 0;
    if (p.q > 0) {
      const double size = std::max(1.0, std::abs(y));
      return atan2(p.root * (gap / size), p.q / size + p.y_th * (y / size)) / (p.r * p.root);
    }
    if (y <= 0 || p.y_th <= 0) return kNoCrossing;
    const double ratio = gap / y / (p.y_th + 2 * p.saddle);
    return p.q == 0 ? ratio / p.r : log1p(2 * p.root * ratio) / (2 * p.r * p.root);
  }

  static constexpr double kPi = 3.14159265358979323846;
};

static_assert(NeuronModel<QuadraticLif> && RetunedNeuron<QuadraticLif> && InjectedNeuron<QuadraticLif>);

}  // namespace chronotope::models
