// SPDX-License-Identifier: Apache-2.0
#include "chronotope/tests/reference/jump_neuron_reference.hpp"

#include <gtest/gtest.h>

namespace chronotope::reference {
namespace {

TEST(JumpNeuronReference, QuadraticPotentialSolvesItsEquation) {
  const Real h("1e-12");
  for (const double I_e : {-50.0, 0.0, 100.0, 300.0})
    for (const double V : {-90.0, -65.0, -50.0, -20.0}) {
      QuadraticParameters p;
      p.I_e = I_e;
      const Real rate = (quadratic_potential(p, V, h) - quadratic_potential(p, V, -h)) / (2 * h);
      const Real expected = (Real(p.a) * (V - p.E_L) * (V - p.V_c) + Real(p.tau_m) / p.C_m * I_e) / p.tau_m;
      EXPECT_LT(abs(rate - expected), Real("1e-20")) << I_e << ' ' << V;
      const Real twice = quadratic_potential(p, quadratic_potential(p, V, 1), 2);
      EXPECT_LT(abs(twice - quadratic_potential(p, V, 3)), Real("1e-40"));
    }
}

TEST(JumpNeuronReference, QuadraticNeuronRunsAwayFromAboveTheCriticalPotentialOnly) {
  QuadraticParameters p;
  EXPECT_TRUE(run_quadratic(p, {{1, 14.9}}, 1000).empty());
  const auto spikes = run_quadratic(p, {{1, 15.1}}, 1000);
  ASSERT_EQ(spikes.size(), 1u);  // log[(85/100) (15.1/0.1)]/(2 r p), p = 7.5, r = 0.005
  EXPECT_LT(abs(spikes[0].time - 1 -
                log(Real(85) / 100 * (Real(15.1) / (Real(15.1) - 15))) * 20 / (Real(0.1) * 15)),
            Real("1e-40"));
}

TEST(JumpNeuronReference, LinearLeakFiresAtTheRateOfAReLU) {
  LinearLeakParameters p;
  p.t_ref = 0;
  p.I_e = 125;  // 0.5 - 0.1 mV/ms over 15 mV
  EXPECT_EQ(run_linear_leak(p, {}, 3751).size(), 100u);
  p.I_e = 25;
  EXPECT_TRUE(run_linear_leak(p, {}, 1e6).empty());
}

}  // namespace
}  // namespace chronotope::reference
