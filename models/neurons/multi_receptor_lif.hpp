// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "chronotope/core/neuron_model.hpp"
#include "chronotope/models/closed_forms/exponential_sum.hpp"

namespace chronotope::models {

/// Leaky integrate-and-fire neuron with up to eight receptors (NEST: iaf_psc_exp_multisynapse).
///
///   tau_m dV/dt = -(V - V_inf) + R (I_0 + I_1 + ...),   tau_syn[k] dI_k/dt = -I_k
///   an arrival of weight w [pA] at receptor k, of either sign, adds w to I_k
///   V >= V_th: spike; V = V_reset for t_ref while the currents go on
struct MultiReceptorLif {
  static constexpr std::string_view kName = "multi_receptor_lif";
  static constexpr std::uint32_t kMostReceptors = 8;

  struct Parameters {
    Membrane membrane;
    std::uint32_t receptors;
    std::array<double, kMostReceptors> tau_syn;  // [ms]; those that are not used are 1
  };

  /// Everything at time `at`; in the refractory period `at` is its end and lies in the future.
  struct State {
    Time at;
    double x;                              // V - V_inf [mV]
    std::array<double, kMostReceptors> I;  // [pA]
  };

  static Parameters parameters(const ParameterSource& get) {
    const auto name = [](std::uint32_t k) { return "tau_syn[" + std::to_string(k) + "]"; };
    Parameters p{read_membrane(get), 0, {}};
    p.tau_syn.fill(1);
    while (get.has(name(p.receptors))) {
      get.require(p.receptors < kMostReceptors, name(p.receptors), p.receptors + 1, "at most 8 receptors");
      p.tau_syn[p.receptors] = get(name(p.receptors), 0, kTimeConstant);
      ++p.receptors;
    }
    get.require(p.receptors > 0, "tau_syn", 0, "at least one receptor");
    return p;
  }
  static State initial_state(const Parameters& p, const ParameterSource& get) {
    return {Time(), p.membrane.above_rest(initial_potential(get)), {}};
  }

  using Injection = MembraneInjection;
  static Injection injection(const ParameterSource& get) { return read_injection(get); }
  static void inject(Parameters& p, const Injection& current, double I) {
    p.membrane.set_drive(current.drive(I));
  }

  static std::uint32_t receptors(const Parameters& p) { return p.receptors; }

  static double threshold(const Parameters& p, const State&, Time) { return p.membrane.V_th; }

  static double potential(const Parameters& p, const State& s, Time t) {
    return t < s.at ? p.membrane.V_reset : p.membrane.V_inf + x_after(p, s, t);
  }

  static double synaptic_current(const Parameters& p, const State& s, Time t, std::uint32_t receptor) {
    return decayed(s.I[receptor], s.at, t, p.tau_syn[receptor]);
  }

  static void receive(const Parameters& p, State& s, Time t, double w, std::uint32_t receptor) {
    if (s.at < t) advance(p, s, t, x_after(p, s, t));
    s.I[receptor] += decayed(w, t, s.at, p.tau_syn[receptor]);
  }
  static void receive(const Parameters& p, State& s, Time t, double w) { receive(p, s, t, w, 0); }

  static CrossingTime crossing_bound(const Parameters& p, const State& s, Time now) {
    return with_sum(p, s, [&](const auto& start) {
      return first_crossing(s.at, std::max(now, s.at),
                            [&](double ms) { return start.after(ms).time_below_threshold(); });
    });
  }

  static void fire(const Parameters& p, State& s, Time t) {
    advance(p, s, t + p.membrane.t_ref, p.membrane.x_reset);
  }

  /// Requires: as many receptors.
  static void keep_potential(const Parameters& before, const Parameters& now, State& s, Time t) {
    if (t < s.at) {
      s.x = now.membrane.x_reset;
      for (std::uint32_t k = 0; k < now.receptors; ++k)
        s.I[k] = redecayed(s.I[k], t, s.at, before.tau_syn[k], now.tau_syn[k]);
    } else {
      advance(before, s, t, before.membrane.moved_to(now.membrane, x_after(before, s, t)));
    }
  }

 private:
  /// With room for so many receptors; those that are not used are drives of 0, which change no bit.
  template <std::size_t Drives>
  static ExponentialSum<Drives> sum(const Parameters& p, const State& s) {
    ExponentialSum<Drives> sum{p.membrane.tau_m, s.x, p.membrane.x_th, {}};
    for (std::uint32_t k = 0; k < p.receptors; ++k)
      sum.drives[k] = {p.membrane.resistance * s.I[k], p.tau_syn[k]};
    return sum;
  }

  /// use(sum) of as few drives as serve.
  template <class Use>
  static auto with_sum(const Parameters& p, const State& s, const Use& use) -> decltype(use(sum<1>(p, s))) {
    if (p.receptors == 1) return use(sum<1>(p, s));
    if (p.receptors == 2) return use(sum<2>(p, s));
    return use(sum<kMostReceptors>(p, s));
  }

  static double x_after(const Parameters& p, const State& s, Time t) {
    return with_sum(p, s, [&](const auto& sum) { return sum.x_after((t - s.at).ms()); });
  }

  /// The currents go to time t; V becomes V_inf + x.
  static void advance(const Parameters& p, State& s, Time t, double x) {
    for (std::uint32_t k = 0; k < p.receptors; ++k) s.I[k] = decayed(s.I[k], s.at, t, p.tau_syn[k]);
    s.x = x;
    s.at = t;
  }
};

static_assert(NeuronModel<MultiReceptorLif> && RetunedNeuron<MultiReceptorLif> &&
              InjectedNeuron<MultiReceptorLif> && HasCurrents<MultiReceptorLif, Time>);

}  // namespace chronotope::models
