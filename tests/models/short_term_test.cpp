// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/synapses/short_term.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "chronotope/models/plasticity/pair_stdp.hpp"
#include "chronotope/models/plasticity/static_weight.hpp"
#include "chronotope/tests/reference/real.hpp"
#include "chronotope/tests/suites/rule_run.hpp"
#include "chronotope/tests/suites/run_network.hpp"
#include "chronotope/tests/suites/spike_trains.hpp"

namespace chronotope::tests {
namespace {

using models::PairStdp;
using models::ShortTerm;
using models::StaticWeight;
using reference::Real;

/// u x at every spike, from the differential equations between spikes: u decays to 0 with tau_fac and jumps
/// by U (1 - u); x recovers to 1 with tau_rec and loses u x, u after its jump.
std::vector<Real> releases(const std::vector<double>& times, double U, double tau_rec, double tau_fac) {
  std::vector<Real> released;
  Real u = 0, x = 1, last = 0;
  for (const double t : times) {
    const Real dt = Real(t) - last;
    u = tau_fac > 0 ? u * exp(-dt / Real(tau_fac)) : Real(0);
    x = 1 + (x - 1) * exp(-dt / Real(tau_rec));
    u += Real(U) * (1 - u);
    released.push_back(u * x);
    x -= u * x;
    last = t;
  }
  return released;
}

std::string text(bool own, double U, double tau_rec, double tau_fac) {
  const auto parameter = [&](const std::string& name, double v) {
    return name +
           (own ? " { values { value: " + to_string(v) + " } } " : " { constant: " + to_string(v) + " } ");
  };
  return "short_term { " + parameter("U", U) + parameter("tau_rec", tau_rec) + parameter("tau_fac", tau_fac) +
         "} ";
}

TEST(ShortTerm, TransmittedEfficacyEqualsTheDifferentialEquations) {
  const TrainPair trains = random_trains(1, 5000, 1);
  for (const bool own : {false, true})
    for (const double tau_fac : {0.0, 50.0, 1000.0})
      for (const double delay : {1.0, 40.0}) {
        RuleRun<ShortTerm<StaticWeight>> run(text(own, 0.2, 130, tau_fac), 3, delay);
        run.run(trains.emitted, {});
        const std::vector<Real> truth = releases(trains.emitted, 0.2, 130, tau_fac);
        ASSERT_EQ(run.transmitted().size(), truth.size());
        for (std::size_t n = 0; n < truth.size(); ++n)
          ASSERT_LT(static_cast<double>(abs(run.transmitted()[n] / (3 * truth[n]) - 1)), 1e-12)
              << n << " tau_fac " << tau_fac << (own ? " private" : "");
      }
}

TEST(ShortTerm, DepressingTrainReachesItsSteadyState) {
  // x* = (1 - E)/(1 - (1 - U) E), E = exp(-dt/tau_rec)  (Tsodyks & Markram 1997)
  std::vector<double> times;
  for (int k = 0; k < 200; ++k) times.push_back(10 + 25 * k);
  RuleRun<ShortTerm<StaticWeight>> run(text(false, 0.5, 100, 0));
  run.run(times, {});
  const double E = std::exp(-0.25);
  EXPECT_NEAR(run.transmitted().back(), 0.5 * (1 - E) / (1 - 0.5 * E), 1e-14);
  EXPECT_EQ(run.transmitted().front(), 0.5);
}

TEST(ShortTerm, TheRuleLearnsAsWithoutItAndTransmitsItsWeightTimesTheEfficacy) {
  const TrainPair trains = random_trains(2, 1000, 1);
  const std::string stdp = "pair_stdp { w_max: 2 } ";
  RuleRun<PairStdp> plain(stdp);
  RuleRun<ShortTerm<PairStdp>> both(stdp + text(false, 0.3, 200, 60));
  EXPECT_EQ(plain.run(trains.emitted, trains.spikes), both.run(trains.emitted, trains.spikes));
  const std::vector<Real> released = releases(trains.emitted, 0.3, 200, 60);
  for (std::size_t n = 0; n < released.size(); ++n)
    ASSERT_NEAR(both.transmitted()[n] / plain.transmitted()[n], static_cast<double>(released[n]), 1e-12);
}

TEST(ShortTerm, SpecificationJoinsItToAnyRule) {
  const std::string network = R"(
    population { name: 'n' size: 1 delta_lif { E_L { constant: 0 } V_th { constant: 50 } V_reset { constant: 0 } } }
    input { name: 'x' size: 1 spike_times { times: [10] } }
    projection { source: 'x' target: 'n' one_to_one { } weight { constant: 8 }
      short_term { U { constant: 0.25 } } )";
  for (const std::string rule : {"", "pair_stdp { }", "triplet_stdp { }", "vogels_stdp { }"}) {
    NetworkRun run(network + rule + " }");
    run.until(11 + 1e-9);
    const double alpha_step = rule == "vogels_stdp { }" ? 0.25 * 0.08 * 0.12 : 0;  // eta alpha at the arrival
    EXPECT_NEAR(run.engine().potentials(0)[0], 2 - alpha_step, 1e-8) << rule;
  }
}

TEST(ShortTerm, ConstantsOutsideTheirRangeAreRefused) {
  EXPECT_THROW(RuleRun<ShortTerm<StaticWeight>>("short_term { U { constant: 1.5 } }"), FieldError);
  EXPECT_THROW(RuleRun<ShortTerm<StaticWeight>>("short_term { U { constant: 0 } }"), FieldError);
  EXPECT_THROW(RuleRun<ShortTerm<StaticWeight>>("short_term { tau_rec { constant: 0 } }"), FieldError);
}

}  // namespace
}  // namespace chronotope::tests
