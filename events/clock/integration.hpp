// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "chronotope/core/stepped_neuron.hpp"
#include "chronotope/events/clock/clock_options.hpp"

namespace chronotope::events {

/// y' of a neuron; V stands still while it is clamped.
template <SteppedNeuron M>
[[gnu::always_inline]] inline SteppedVariables<M> rates(const typename M::Parameters& p,
                                                        const SteppedVariables<M>& y, bool clamped) {
  SteppedVariables<M> dy = SteppedForm<M>::derivative(p, y);
  const double moves = clamped ? 0 : 1;
  dy[0] *= moves;
  return dy;
}

/// y + h dy.
template <class Variables>
[[gnu::always_inline]] inline Variables moved(const Variables& y, double h, const Variables& dy) {
  Variables result;
  for (std::size_t k = 0; k < y.size(); ++k) result[k] = y[k] + h * dy[k];
  return result;
}

/// The classical Runge-Kutta rule of fourth order.
template <SteppedNeuron M>
[[gnu::always_inline]] inline SteppedVariables<M> runge_kutta_4(const typename M::Parameters& p,
                                                                const SteppedVariables<M>& y, double h,
                                                                bool clamped) {
  const auto k1 = rates<M>(p, y, clamped);
  const auto k2 = rates<M>(p, moved(y, h / 2, k1), clamped);
  const auto k3 = rates<M>(p, moved(y, h / 2, k2), clamped);
  const auto k4 = rates<M>(p, moved(y, h, k3), clamped);
  SteppedVariables<M> result;
  for (std::size_t k = 0; k < y.size(); ++k)
    result[k] = y[k] + h / 6 * ((k1[k] + k4[k]) + 2 * (k2[k] + k3[k]));
  return result;
}

/// The variables h later, if nothing arrives. Requires: c = constants(p, h).
template <SteppedNeuron M, Integrator kIntegrator>
[[gnu::always_inline]] inline SteppedVariables<M> integrate(const typename M::Parameters& p,
                                                            const SteppedConstants<M>& c,
                                                            const SteppedVariables<M>& y, double h,
                                                            bool clamped) {
  if constexpr (kIntegrator == Integrator::kEuler) {
    return moved(y, h, rates<M>(p, y, clamped));
  } else if constexpr (kIntegrator == Integrator::kExact && HasPropagator<M>) {
    SteppedVariables<M> result = SteppedForm<M>::advance(c, y);
    result[0] = clamped ? y[0] : result[0];
    return result;
  } else {
    return runge_kutta_4<M>(p, y, h, clamped);
  }
}

template <SteppedNeuron M>
SteppedVariables<M> integrate(Integrator integrator, const typename M::Parameters& p,
                              const SteppedConstants<M>& c, const SteppedVariables<M>& y, double h,
                              bool clamped) {
  switch (integrator) {
    case Integrator::kEuler:
      return integrate<M, Integrator::kEuler>(p, c, y, h, clamped);
    case Integrator::kRungeKutta4:
      return integrate<M, Integrator::kRungeKutta4>(p, c, y, h, clamped);
    case Integrator::kExact:
      break;
  }
  return integrate<M, Integrator::kExact>(p, c, y, h, clamped);
}

}  // namespace chronotope::events
