// SPDX-License-Identifier: Apache-2.0
#include "chronotope/models/plasticity/eligibility.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "chronotope/core/decimal.hpp"
#include "chronotope/models/plasticity/pair_stdp.hpp"
#include "chronotope/models/plasticity/triplet_stdp.hpp"
#include "chronotope/models/plasticity/vogels_stdp.hpp"
#include "chronotope/tests/reference/plasticity_reference.hpp"
#include "chronotope/tests/suites/rule_run.hpp"
#include "chronotope/tests/suites/run_network.hpp"
#include "chronotope/tests/suites/spike_trains.hpp"

namespace chronotope::tests {
namespace {

using models::PairStdp;
using models::TripletStdp;
using models::VogelsStdp;
using reference::Law;
using reference::Modulation;
using reference::Partners;
using reference::Real;

constexpr char kReward[] = "reward { name: 'R' tau_n: 150 times: [0] amount: 0 } ";

/// Rewards of both signs, some at the times of spikes, on the grid of random_trains.
std::vector<Modulation::Reward> random_rewards(const TrainPair& trains, std::uint64_t number) {
  RandomStream draw(8, Purpose("random_rewards"), number);
  std::vector<Modulation::Reward> rewards;
  for (const double t : trains.spikes)
    if (draw.uniform() < 0.05)
      rewards.push_back({t + (draw.uniform() < 0.5 ? 0 : std::round(4000 * draw.uniform()) / 1024),
                         std::round(1024 * (1.4 * draw.uniform() - 0.4)) / 1024});
  std::sort(rewards.begin(), rewards.end(), [](const auto& a, const auto& b) { return a.time < b.time; });
  return rewards;
}

struct Case {
  double b = 0;
  bool own = false;  // constants of its own
  double dendritic = 0;
  double mu = 0;
};

std::string text_of(const Case& c) {
  const auto parameter = [&](const std::string& name, double v) {
    return name +
           (c.own ? " { values { value: " + to_string(v) + " } } " : " { constant: " + to_string(v) + " } ");
  };
  return "pair_stdp { " + parameter("tau_plus", 17) + parameter("tau_minus", 34) + parameter("A_plus", 5e-4) +
         parameter("A_minus", 6e-4) + "w_max: 2 w_min: 0.25 mu_plus: " + to_string(c.mu) +
         " mu_minus: " + to_string(c.mu) + " } modulation { reward: 'R' " + parameter("tau_c", 800) +
         parameter("b", c.b) + "} dendritic_delay { constant: " + to_string(c.dendritic) + " }";
}

Law pair_law(double mu) {
  Law law;
  law.tau_plus = 17;
  law.tau_minus = 34;
  const auto power = [mu](const Real& x) { return mu == 0 ? Real(1) : Real(pow(x, Real(mu))); };
  law.spike = [=](const Real& w, const Real& r1, const Real&) -> Real {
    return w + Real(5e-4) * Real(1.75) * power((2 - w) / Real(1.75)) * r1;
  };
  law.arrival = [=](const Real& w, const Real& o1, const Real&) -> Real {
    return w - Real(6e-4) * Real(1.75) * power((w - Real(0.25)) / Real(1.75)) * o1;
  };
  return law;
}

const std::vector<Case> kCases{{0, false, 0, 0},       {0.05, false, 0, 0},  {0.05, true, 0, 0.4},
                               {-0.02, false, 0.5, 1}, {0.05, true, 1.5, 0}, {0, false, 1.5, 0.4}};

TEST(Eligibility, RewardedPairRuleEqualsFiftyDigits) {
  std::uint64_t number = 0;
  bool met_bounds = false;
  for (const Case& c : kCases) {
    const TrainPair trains = random_trains(number, 1500, 1.5 - 2 * c.dendritic);
    const Modulation m{800, 150, c.b, 0.25, 2, random_rewards(trains, number++)};
    RuleRun<PairStdp> run(text_of(c), 1, 1.5, kReward);
    for (const auto& r : m.rewards) run.reward(static_cast<double>(r.time), static_cast<double>(r.amount));
    const double end = trains.spikes.back() + 100;
    run.set_end(end);
    const double w = run.run(trains.emitted, trains.spikes);
    const Real truth =
        brute_force_rewarded_weight(reference::at_synapse(trains.emitted, trains.spikes, 1.5, c.dendritic),
                                    Partners::kAllToAll, pair_law(c.mu), m, 1, reference::decimal(end));
    EXPECT_LT(static_cast<double>(abs(w - truth) / truth), 1e-12)
        << "b " << c.b << " dendritic " << c.dendritic << " mu " << c.mu << (c.own ? " private" : "");
    met_bounds = met_bounds || w == 2 || w == 0.25;
    EXPECT_GT(std::abs(w - 1), 1e-3);
  }
}

TEST(Eligibility, TenThousandSpikesEqualFiftyDigits) {
  const TrainPair trains = random_trains(20, 5000, 1.5);
  ASSERT_GE(trains.emitted.size() + trains.spikes.size(), 10000u);
  const Modulation m{800, 150, 0.01, 0.25, 2, random_rewards(trains, 20)};
  RuleRun<PairStdp> run(text_of({0.01}), 1, 1.5, kReward);
  for (const auto& r : m.rewards) run.reward(static_cast<double>(r.time), static_cast<double>(r.amount));
  run.set_end(trains.spikes.back() + 10);
  const double w = run.run(trains.emitted, trains.spikes);
  const Real truth = brute_force_rewarded_weight(reference::at_synapse(trains.emitted, trains.spikes, 1.5, 0),
                                                 Partners::kAllToAll, pair_law(0), m, 1,
                                                 reference::decimal(trains.spikes.back() + 10));
  EXPECT_LT(static_cast<double>(abs(w - truth) / truth), 1e-12);
}

TEST(Eligibility, SettlingOftenAndHearingOfRewardsEarlyChangesNoBit) {
  for (const Case& c : kCases) {
    const TrainPair trains = random_trains(30, 600, 1.5);
    const auto rewards = random_rewards(trains, 30);
    const auto weight = [&](std::size_t settle_every, double early) {
      RuleRun<PairStdp> run(text_of(c), 1, 1.5, kReward);
      for (const auto& r : rewards)
        run.reward(static_cast<double>(r.time), static_cast<double>(r.amount), early);
      run.set_end(trains.spikes.back() + 100);
      return run.run(trains.emitted, trains.spikes, settle_every);
    };
    const double lazy = weight(0, 0);
    for (const std::size_t every : {1U, 7U}) EXPECT_EQ(weight(every, 0), lazy);
    EXPECT_EQ(weight(3, 500), lazy);
  }
}

/// One pair, then one reward: w = w0 + A e^(-dt/tau_plus) e^(-delay/tau_c) n tau, long after.
TEST(Eligibility, RewardOfOnePairEqualsItsClosedForm) {
  for (const double delay : {0.0, 100.0, 1000.0, 5000.0}) {
    RuleRun<PairStdp> run(
        "pair_stdp { A_plus { constant: 0.01 } mu_plus: 0 w_max: 4 } modulation { reward: 'R' tau_c { "
        "constant: 1000 } }",
        1, 1, "reward { name: 'R' tau_n: 200 times: [0] amount: 0 }");
    run.reward(110 + delay, 0.5);
    const double w = run.run({99}, {110});
    EXPECT_NEAR(w - 1, 0.04 * std::exp(-0.5) * std::exp(-delay / 1000) * 0.5 / (1 / 1000.0 + 1 / 200.0),
                1e-14);
  }
}

template <class Rule>
void expect_no_change_without_reward(const std::string& rule) {
  const TrainPair trains = random_trains(40, 300, 1);
  RuleRun<Rule> run(rule + " modulation { reward: 'R' }", 1, 1, kReward);
  EXPECT_EQ(run.run(trains.emitted, trains.spikes), 1) << rule;
}

TEST(Eligibility, WithoutRewardNoRuleChangesAWeight) {
  expect_no_change_without_reward<PairStdp>("pair_stdp { }");
  expect_no_change_without_reward<TripletStdp>("triplet_stdp { }");
  expect_no_change_without_reward<VogelsStdp>("vogels_stdp { }");
}

/// Ten neurons that twelve rewarded inputs and each other excite, under `reward`.
std::string network(const std::string& reward) {
  return R"(seed: 3
    population { name: 'n' size: 10 delta_lif { I_e { constant: 170 } V_m { uniform { low: -70 high: -55 } } } }
    input { name: 'x' size: 12 poisson { rate { constant: 30 } } }
    )" + reward +
         R"(
    projection { source: 'x' target: 'n' pairwise_bernoulli { p: 0.5 } weight { constant: 1.5 }
      delay { uniform { low: 1 high: 4 } }
      pair_stdp { A_plus { constant: 0.002 } A_minus { constant: 0.001 } w_max: 3 mu_plus: 0 mu_minus: 0 }
      modulation { reward: 'R' tau_c { gamma { mean: 500 cv: 0.5 } } b { constant: 0.02 } } }
    projection { source: 'n' target: 'n' pairwise_bernoulli { p: 0.3 } weight { constant: 0.5 }
      delay { constant: 0.75 } dendritic_delay { constant: 0.25 } triplet_stdp { w_max: 2 }
      modulation { reward: 'R' tau_c { constant: 300 } } } )";
}

const std::vector<std::string> kRewards{
    "reward { name: 'R' times: [100, 350.5, 350.5, 700] amounts: [0.5, 1, -0.25, 0.75] tau_n: 100 }",
    "reward { name: 'R' population: 'n' amount: 0.05 delay: 0.6 tau_n: 50 }"};

TEST(Eligibility, NeitherThreadsNorPiecesNorReadingChangeABitOfARewardedRun) {
  for (const std::string& reward : kRewards) {
    NetworkRun one(network(reward));
    one.until(1000);
    ASSERT_GT(one.spikes().size(), 30u);
    ASSERT_NE(one.weights(0), NetworkRun(network(reward)).weights(0));
    for (const unsigned threads : {2U, 3U}) {
      NetworkRun many(network(reward), threads);
      EXPECT_EQ(many.until(1000).weights(0), one.weights(0));
      EXPECT_EQ(many.weights(1), one.weights(1));
      EXPECT_EQ(many.spikes(), one.spikes());
    }
    NetworkRun pieces(network(reward));
    for (double t = 0; t <= 1000; t += 0.5) pieces.until(t).weights(0);
    EXPECT_EQ(pieces.weights(0), one.weights(0));
    EXPECT_EQ(pieces.spikes(), one.spikes());
  }
}

TEST(Eligibility, RewardReleasedDuringTheRunEqualsTheOneOfTheSpecification) {
  NetworkRun given(network("reward { name: 'R' times: [300.25, 600] amount: 0.5 }"));
  NetworkRun released(network("reward { name: 'R' times: [600] amount: 0.5 }"));
  released.until(300.25).engine().reward(0, stated_time(300.25), 0.5);
  EXPECT_EQ(given.until(1000).weights(0), released.until(1000).weights(0));
}

/// Every synapse of a run against 50 digits, given the spikes of the run.
TEST(Eligibility, NetworkOfSeveralThreadsLearnsLikeFiftyDigits) {
  std::string trains;
  const TrainPair drawn = random_trains(50, 60, 1);
  for (const double t : drawn.emitted)
    if (t < 1500) trains += " times: " + to_string(t);
  const std::string text = R"(
    population { name: 'n' size: 4 delta_lif { I_e { values { value: [195, 200, 210, 188] } } } }
    input { name: 'x' size: 1 spike_times { neuron: 0)" +
                           trains + R"( } }
    reward { name: 'R' times: [200, 512.5, 900] amounts: [1, 2, 0.5] tau_n: 150 }
    projection { source: 'x' target: 'n' all_to_all { } weight { constant: 1 } delay { constant: 1.5 }
      pair_stdp { tau_plus { constant: 17 } tau_minus { constant: 34 } A_plus { constant: 5e-4 }
        A_minus { constant: 6e-4 } w_min: 0.25 w_max: 2 mu_plus: 0 mu_minus: 0 }
      modulation { reward: 'R' tau_c { constant: 800 } b { constant: 0.05 } } })";
  NetworkRun run(text, 3);
  run.until(1500);
  const Modulation m{800, 150, 0.05, 0.25, 2, {{200, 1}, {512.5, 2}, {900, 0.5}}};
  std::vector<double> emitted;
  for (const double t : drawn.emitted)
    if (t < 1500) emitted.push_back(t);
  for (std::uint32_t n = 0; n < 4; ++n) {
    const Real truth = brute_force_rewarded_weight(reference::at_synapse(emitted, run.times(0, n), 1.5, 0),
                                                   Partners::kAllToAll, pair_law(0), m, 1, 1500);
    EXPECT_LT(static_cast<double>(abs(run.weights(0)[n] - truth) / truth), 1e-12) << n;
    EXPECT_GT(run.times(0, n).size(), 10u);
    EXPECT_GT(std::abs(run.weights(0)[n] - 1), 1e-3);
  }
}

TEST(Eligibility, NothingMovesAfterLearnUntil) {
  const auto weight = [](const std::string& rule, const TrainPair& trains, double until) {
    RuleRun<PairStdp> run(rule + " w_max: 4 } modulation { reward: 'R' }", 1, 1, kReward);
    run.reward(150, 1);
    run.set_end(until);
    return run.run(trains.emitted, trains.spikes);
  };
  const TrainPair before{{99}, {110}}, all{{99, 199, 250}, {110, 260}};
  const double frozen = weight("pair_stdp {", before, 200);
  EXPECT_GT(frozen, 1);
  EXPECT_EQ(weight("pair_stdp { learn_until: 200", all, 1000), frozen);
  EXPECT_EQ(weight("pair_stdp { learn_until: 200", all, 1e6), frozen);
}

TEST(Eligibility, FieldsOutsideTheirRangeAreRefused) {
  const auto refused = [](const std::string& projection, const std::string& network) {
    EXPECT_THROW(RuleRun<PairStdp>(projection, 1, 1, network), FieldError) << projection << network;
  };
  refused("pair_stdp { } modulation { reward: 'S' }", kReward);
  refused("pair_stdp { } modulation { reward: 'R' tau_c { constant: 0 } }", kReward);
  refused("modulation { reward: 'R' }", kReward);
  refused("pair_stdp { }", "reward { name: 'R' times: [1, 2] amounts: [1] }");
  refused("pair_stdp { }", "reward { name: 'R' times: [-1] }");
  refused("pair_stdp { }", "reward { name: 'R' times: [1] tau_n: 0 }");
  refused("pair_stdp { }", "reward { name: 'R' times: [1] delay: 2 }");
  refused("pair_stdp { }", "reward { name: 'R' population: 'x' }");
  refused("pair_stdp { }", "reward { name: 'R' times: [1] population: 'n' }");
  refused("pair_stdp { }", "reward { name: 'R' csv { path: '/nowhere' } }");
}

}  // namespace
}  // namespace chronotope::tests
