// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <limits>

#include "chronotope/core/parameter_source.hpp"

namespace chronotope::models {

/// The leaky membrane all LIF models share: tau_m dV/dt = -(V - V_inf) + R I_syn, V_inf = E_L + R I_e.
struct Membrane {
  double tau_m;       // [ms]
  double resistance;  // R [mV/pA]
  double V_inf;       // [mV]
  double V_th;        // [mV]
  double V_reset;     // [mV], < V_th
  double t_ref;       // [ms]
};

/// R is R_m where that is given, so that a drawn tau_m draws C_m along; else tau_m/C_m.
inline Membrane read_membrane(const ParameterSource& get) {
  constexpr double kMilliVoltPerMegaOhmPicoAmpere = 1e-3;
  Membrane m{};
  m.tau_m = get("tau_m", 20, kPositive);
  m.resistance = get.has("R_m") ? kMilliVoltPerMegaOhmPicoAmpere * get("R_m", 0, kPositive)
                                : m.tau_m / get("C_m", 250, kPositive);
  m.V_inf = get("E_L", -70, kFinite) + m.resistance * get("I_e", 0, kFinite);
  m.V_th = get("V_th", -55, kFinite);
  m.V_reset = get("V_reset", -70, kFinite);
  m.t_ref = get("t_ref", 2, kNonNegative);
  get.require(m.V_reset < m.V_th, "V_reset", m.V_reset, "must be below V_th = " + to_string(m.V_th) + " mV");
  return m;
}

/// V at the start of a run: V_m, or E_L.
inline double initial_potential(const ParameterSource& get) {
  return get("V_m", get("E_L", -70, kFinite), kFinite);
}

/// The same relative to V_inf. A start at a threshold that is V_inf counts as above it.
inline double initial_distance(const Membrane& m, const ParameterSource& get) {
  const double distance = initial_potential(get) - m.V_inf;
  return distance == 0 && m.V_inf >= m.V_th ? std::numeric_limits<double>::min() : distance;
}

}  // namespace chronotope::models
