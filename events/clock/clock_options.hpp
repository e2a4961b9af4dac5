// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace chronotope::events {

/// Whose grid it is: what happens when inside a step, and how times are rounded to steps.
///
///   kNest     a step ends at t: integrate up to t, add what arrives at t, test, reset; spikes are stamped t.
///   After a
///             spike V is clamped for t_ref/dt steps, the last one included. Spikes of inputs are moved up to
///             the end of the step they lie in, delays and t_ref rounded to the nearest number of steps,
///             delays to at least 1.
///   kBrian2   a step begins at t: integrate up to t + dt, test, add what arrives at t, reset; spikes are
///   stamped t,
///             one step before what they would be in NEST. t_ref/dt - 1 steps are clamped. Spikes of inputs
///             are moved down to the begin of their step, t_ref is rounded down, delays to the nearest number
///             of steps, which may be 0.
enum class GridConvention { kNest, kBrian2 };

/// Of a step: by so little too early a time still rounds down to a step in Brian2.
inline constexpr double kBrian2Slack = 1e-3;

/// How variables are taken from one step to the next.
enum class Integrator {
  kExact,        // the closed form; for models without one, the classical Runge-Kutta rule
  kEuler,        // y + h y'
  kRungeKutta4,  // the classical rule
};

/// Where in a step the threshold was crossed.
enum class Interpolation {
  kNone,    // at its end: spikes lie on the grid
  kLinear,  // where the line through V at both ends crosses
  kCubic,   // where the cubic through V and dV/dt at both ends crosses (Morrison et al. 2007; Hanuschkin et
            // al. 2010)
};

struct ClockOptions {
  double dt = 0.1;  // [ms], > 0
  Integrator integrator = Integrator::kExact;
  /// With interpolation spikes, arrivals and refractory periods have exact times inside a step, and the
  /// convention has no effect; delays are exact, but at least dt.
  Interpolation interpolation = Interpolation::kNone;
  GridConvention convention = GridConvention::kNest;

  bool on_grid() const { return interpolation == Interpolation::kNone; }
};

}  // namespace chronotope::events
