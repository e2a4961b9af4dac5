// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <limits>

#include "chronotope/core/parameter_source.hpp"

namespace chronotope::models {

/// What a further current adds to: R (I_e + I) = scale (I_e + I)/divisor [mV], R rounded as little as can be.
struct MembraneInjection {
  double scale;    // R_m [MOhm], or tau_m [ms]
  double divisor;  // from MOhm pA to mV, or C_m [pF]
  double I_e;      // [pA]

  double drive(double I) const { return scale * (I_e + I) / divisor; }
};

/// The leaky membrane all LIF models share: tau_m dV/dt = -(V - V_inf) + R I_syn, V_inf = E_L + R I_e.
/// States hold V as its distance from V_inf: what is left of it after many tau_m keeps its digits and its
/// sign, so that V never reaches a V_inf that it only tends to.
struct Membrane {
  double tau_m;       // [ms]
  double resistance;  // R [mV/pA]
  double E_L;         // [mV]
  double drive;       // R I_e [mV]
  double V_inf;       // [mV]
  double V_th;        // [mV]
  double V_reset;     // [mV], < V_th
  Duration t_ref;
  double x_th;     // V_th - V_inf [mV]
  double x_reset;  // V_reset - V_inf [mV]

  /// Takes R I_e, and what follows from it.
  void set_drive(double mV) {
    drive = mV;
    V_inf = E_L + drive;
    x_th = above_rest(V_th);
    x_reset = above_rest(V_reset);
  }

  /// V - V_inf, rounded as little as can be [mV].
  double above_rest(double V) const { return (V - E_L) - drive; }
  /// V - V_inf of the membrane `now`, for the V that is x above this one's V_inf [mV].
  double moved_to(const Membrane& now, double x) const { return x + ((E_L - now.E_L) + (drive - now.drive)); }
};

/// distance * factor, but never 0 unless the distance is: decay does not end.
inline double relaxed(double distance, double factor) {
  const double rest = distance * factor;
  return rest == 0 && distance != 0 ? std::copysign(std::numeric_limits<double>::denorm_min(), distance)
                                    : rest;
}

/// R is R_m where that is given, so that a drawn tau_m draws C_m along; else tau_m/C_m. R I_e is rounded once
/// where it can be: a V_inf that is V_th in decimal numbers is V_th here.
inline MembraneInjection read_injection(const ParameterSource& get, double tau_m) {
  constexpr double kPicoAmpereMegaOhmPerMilliVolt = 1e3;
  const double C_m = get("C_m", 250, kMembrane);
  const double R_m = get("R_m", 0, kMembrane);
  const double I_e = get("I_e", 0, kFinite);
  if (get.has("R_m")) return {R_m, kPicoAmpereMegaOhmPerMilliVolt, I_e};
  return {tau_m, C_m, I_e};
}
inline MembraneInjection read_injection(const ParameterSource& get) {
  return read_injection(get, get("tau_m", 20, kTimeConstant));
}

inline Membrane read_membrane(const ParameterSource& get) {
  Membrane m{};
  m.tau_m = get("tau_m", 20, kTimeConstant);
  const MembraneInjection current = read_injection(get, m.tau_m);
  m.E_L = get("E_L", -70, kFinite);
  m.resistance = current.scale / current.divisor;
  m.V_th = get("V_th", -55, kFinite);
  m.V_reset = get("V_reset", -70, kFinite);
  m.t_ref = get.duration("t_ref", 2);
  m.set_drive(current.drive(0));
  get.require(m.V_reset < m.V_th, "V_reset", m.V_reset, "must be below V_th = " + to_string(m.V_th) + " mV");
  return m;
}

/// V at the start of a run: V_m, or E_L.
inline double initial_potential(const ParameterSource& get) {
  return get("V_m", get("E_L", -70, kFinite), kFinite);
}

/// The same relative to V_inf. A start at the threshold counts as above it: the neuron fires at 0.
inline double initial_distance(const Membrane& m, const ParameterSource& get) {
  const double distance = m.above_rest(initial_potential(get));
  return distance == m.x_th ? std::nextafter(distance, std::numeric_limits<double>::infinity()) : distance;
}

}  // namespace chronotope::models
