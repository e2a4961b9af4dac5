// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "chronotope/models/closed_forms/psp_kernel.hpp"
#include "chronotope/tests/models/membrane_case.hpp"
#include "chronotope/tests/reference/real.hpp"

namespace chronotope::tests {
namespace {

using reference::Real;

MembraneCase random_case(std::uint64_t number) {
  CaseDraw draw("alpha_psc_lif", number);
  MembraneCase c;
  draw_membrane(draw, c.neuron);
  const double tau_syn_ex = draw.tau_beside(c.neuron.tau_m);
  const double tau_syn_in = draw.tau_beside(draw.chance(0.5) ? c.neuron.tau_m : tau_syn_ex);
  c.neuron.receptors = {{tau_syn_ex, true}, {tau_syn_in, true}};
  const double drive = 150 * c.neuron.tau_m / std::min(c.neuron.tau_m, tau_syn_ex);
  draw_arrivals(draw, c, 14, std::min(drive, 3000.0), ReceptorChoice::kBySign);
  return c;
}

std::string model_text(const reference::CurrentLifParameters& n) {
  ModelText text("alpha_psc_lif");
  set_membrane(text, n);
  text.set("tau_syn_ex", n.receptors[0].tau).set("tau_syn_in", n.receptors[1].tau);
  return text.str();
}

class AlphaPscLifReference : public testing::TestWithParam<std::uint64_t> {};

TEST_P(AlphaPscLifReference, FiresLikeFiftyDigits) {
  std::size_t compared = 0;
  for (std::uint64_t number = GetParam() * 75; number < (GetParam() + 1) * 75; ++number) {
    const MembraneCase c = random_case(number);
    compared += expect_truth(c, model_text(c.neuron), 80, "case " + std::to_string(number));
  }
  EXPECT_GT(compared, 150u);
}
INSTANTIATE_TEST_SUITE_P(Shard, AlphaPscLifReference, testing::Range(std::uint64_t{0}, std::uint64_t{4}));

/// (e^(-t/tau_m)/tau_m) (1 - (1 + z) e^(-z))/d^2 with d = 1/tau_s - 1/tau_m, z = d t, in 50 digits; where
/// these would cancel, its Taylor series t^2 (1/2 - z/3 + z^2/8 - ...) = t^2 sum (n + 1) (-z)^n/(n + 2)!.
Real exact_ramp_kernel(double t, double tau_m, double tau_s) {
  const Real d = 1 / Real(tau_s) - 1 / Real(tau_m), front = exp(-Real(t) / tau_m) / tau_m;
  const Real z = d * t;
  if (abs(z) > 0.01) return front * (1 - (1 + z) * exp(-z)) / (d * d);
  Real sum = 0, power = Real(1) / 2;
  for (int n = 0; n < 30; ++n, power *= -z / (n + 2)) sum += (n + 1) * power;
  return front * t * t * sum;
}

TEST(AlphaPscLif, KernelKeepsItsDigitsHoweverCloseTheTimeConstants) {
  const double tau_m = 20;
  for (const double apart : {0.0, 1e-15, 1e-12, 1e-8, 1e-4, 0.01, 0.3, 0.9, 5.0})
    for (const double tau_s : {tau_m * (1 + apart), tau_m / (1 + apart)})
      for (const double t : {1e-6, 0.01, 1.0, 7.0, 30.0, 300.0}) {
        const Real exact = exact_ramp_kernel(t, tau_m, tau_s);
        EXPECT_LT(abs(models::ramp_kernel(t, tau_m, tau_s) / exact - 1), 4e-15) << tau_s << ' ' << t;
      }
}

TEST(AlphaPscLif, WeightIsThePeakOfTheCurrent) {
  // At s = tau_syn the current is w; from rest and with tau_m much longer, dV/dt = w/C_m there.
  const auto fires = [](double w) {
    return !spike_times(
                "alpha_psc_lif { tau_m { constant: 1e6 } C_m { constant: 250 } t_ref { constant: 1000 } "
                "tau_syn_ex { constant: 2 } }",
                {{1, w}}, 100)
                .empty();
  };
  // The charge is e w tau_syn: 15 mV * 250 pF = e w 2 ms at w = 689.77 pA.
  const double w = 15 * 250 / (2 * 2.718281828459045);
  EXPECT_FALSE(fires(w));
  EXPECT_TRUE(fires(w * 1.0001));
}

TEST(AlphaPscLif, TangencyIsNeitherMissedNorInvented) {
  for (const double tau_syn : {2.0, 20.0, 20.0 * (1 + 1e-12), 50.0}) {
    MembraneCase c;
    c.neuron.receptors = {{tau_syn, true}, {2, true}};
    const auto height = [&](const Real& s) {  // per pA
      const Real e = exp(Real(1));
      return Real(exact_ramp_kernel(static_cast<double>(s), 20, tau_syn) * e / tau_syn * 20 / 250);
    };
    double low = 1e-3, high = 200;  // the peak, by golden section in double arguments
    for (int i = 0; i < 100; ++i) {
      const double a = high - 0.618 * (high - low), b = low + 0.618 * (high - low);
      (height(a) > height(b) ? high : low) = height(a) > height(b) ? b : a;
    }
    for (const double excess : {1e-9, -1e-9}) {
      c.arrivals = {{2, static_cast<double>((15 + Real(excess)) / height(low)), 0}, {250, 0, 1}};
      EXPECT_EQ(expect_truth(c, model_text(c.neuron), 300, "tangency"), excess > 0 ? 1u : 0u) << tau_syn;
    }
  }
}

}  // namespace
}  // namespace chronotope::tests
