// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/plasticity/short_term.hpp"

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

TEST(ShortTerm, SpikesAtOneInstantActOneAfterTheOther) {
  for (const bool own : {false, true}) {
    RuleRun<ShortTerm<StaticWeight>> run(text(own, 0.4, 100, 0));
    run.run({5, 5, 5}, {});
    const std::vector<double> closed{0.4, 0.4 * 0.6, 0.4 * 0.6 * 0.6};
    ASSERT_EQ(run.transmitted().size(), closed.size());
    for (std::size_t k = 0; k < closed.size(); ++k)
      EXPECT_NEAR(run.transmitted()[k], closed[k], 1e-16) << k << (own ? " private" : "");
  }
}

/// Times of a source, many of which are one instant.
std::vector<double> times_with_ties(std::uint64_t number) {
  RandomStream draw(9, Purpose("times_with_ties"), number);
  std::vector<double> times;
  for (double t = 0.5; times.size() < 600; t += 0.25 * static_cast<double>(draw.below(40) + 1))
    times.insert(times.end(), draw.below(4) + 1, t);
  return times;
}

TEST(ShortTerm, SpikesAtOneInstantEqualTheDifferentialEquationsInBothForms) {
  for (const double tau_fac : {0.0, 80.0})
    for (const double delay : {0.25, 30.0}) {
      const std::vector<double> times = times_with_ties(tau_fac > 0 ? 1 : 2);
      const std::vector<Real> truth = releases(times, 0.35, 150, tau_fac);
      RuleRun<ShortTerm<StaticWeight>> shared(text(false, 0.35, 150, tau_fac), 2, delay);
      RuleRun<ShortTerm<StaticWeight>> own(text(true, 0.35, 150, tau_fac), 2, delay);
      shared.run(times, {});
      own.run(times, {});
      EXPECT_EQ(shared.transmitted(), own.transmitted());
      ASSERT_EQ(shared.transmitted().size(), truth.size());
      for (std::size_t n = 0; n < truth.size(); ++n)
        ASSERT_LT(static_cast<double>(abs(shared.transmitted()[n] / (2 * truth[n]) - 1)), 1e-12) << n;
    }
}

TEST(ShortTerm, ResourcesAreNotUsedTwiceHoweverManySpikesComeAtOnce) {
  RuleRun<ShortTerm<StaticWeight>> run(text(false, 0.9, 100, 0));
  run.run(std::vector<double>(12, 3), {});
  double sum = 0;
  for (std::size_t k = 0; k < 12; ++k) {
    EXPECT_NEAR(run.transmitted()[k] / (0.9 * std::pow(0.1, k)), 1, 1e-13) << k;
    sum += run.transmitted()[k];
  }
  EXPECT_LE(sum, 1);
}

/// V of a neuron [mV above rest] after spikes at 5, 5 and 20 ms, the weights 1 mV.
template <class Run>
double potential_after_ties(const std::string& U, unsigned threads) {
  const std::string network = R"(
    population { name: 'n' size: 2 delta_lif { E_L { constant: 0 } V_th { constant: 500 } V_reset { constant: 0 }
      tau_m { constant: 30 } } }
    input { name: 'x' size: 1 spike_times { times: [5, 5, 20] } }
    projection { source: 'x' target: 'n' all_to_all { } weight { constant: 1 } delay { constant: 1 }
      short_term { U { )" + U +
                              R"( } tau_rec { constant: 100 } tau_fac { constant: 50 } } })";
  Run run(network, threads);
  run.until(22);
  return run.engine().potentials(0)[0];
}

TEST(ShortTerm, TheEngineCountsSpikesAtOneInstantAlikeInBothForms) {
  const std::vector<Real> released = releases({5, 5, 20}, 0.4, 100, 50);
  const double truth = static_cast<double>((released[0] + released[1]) * exp(-Real(16) / 30) +
                                           released[2] * exp(-Real(1) / 30));
  for (const unsigned threads : {1U, 2U}) {
    EXPECT_NEAR(potential_after_ties<NetworkRun>("constant: 0.4", threads), truth, 1e-13);
    EXPECT_EQ(potential_after_ties<NetworkRun>("constant: 0.4", threads),
              potential_after_ties<NetworkRun>("values { value: [0.4, 0.5] }", threads));
  }
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
