// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "chronotope/core/decimal.hpp"
#include "chronotope/models/plasticity/pair_stdp.hpp"
#include "chronotope/models/plasticity/short_term.hpp"
#include "chronotope/models/plasticity/triplet_stdp.hpp"
#include "chronotope/models/plasticity/vogels_stdp.hpp"
#include "chronotope/tests/reference/plasticity_reference.hpp"
#include "chronotope/tests/suites/rule_run.hpp"
#include "chronotope/tests/suites/spike_trains.hpp"

namespace chronotope::tests {
namespace {

using models::PairStdp;
using models::ShortTerm;
using models::TripletStdp;
using models::VogelsStdp;
using reference::Law;
using reference::Modulation;
using reference::Partners;
using reference::Rational;
using reference::Real;

/// What a rule is for both: a text of constants, shared or the synapse's own, and the sums of the reference.
struct Rule {
  std::string name;
  std::string more;
  std::vector<std::pair<std::string, double>> constants;
  Partners partners;
  Law law;

  std::string text(bool own, double learn_until) const {
    std::string text = name + " { " + more + " learn_until: " + to_string(learn_until) + " ";
    for (const auto& [constant, value] : constants)
      text += constant + (own ? " { values { value: " : " { constant: ") + to_string(value) +
              (own ? " } } " : " } ");
    return text + "} ";
  }
};

/// Additive, and so slow that no bound is met.
Rule pair_rule(const std::string& pairing, Partners partners) {
  Rule rule{"pair_stdp",
            "w_max: 4 mu_plus: 0 mu_minus: 0 pairing: " + pairing,
            {{"tau_plus", 17}, {"tau_minus", 34}, {"A_plus", 2e-3}, {"A_minus", 1e-3}},
            partners,
            {}};
  rule.law.tau_plus = 17;
  rule.law.tau_minus = 34;
  rule.law.spike = [](const Real& w, const Real& r1, const Real&) -> Real { return w + 4 * Real(2e-3) * r1; };
  rule.law.arrival = [](const Real& w, const Real& o1, const Real&) -> Real {
    return w - 4 * Real(1e-3) * o1;
  };
  return rule;
}

/// Both powers 1: every change depends on the weight.
Rule multiplicative_rule() {
  Rule rule = pair_rule("ALL_TO_ALL", Partners::kAllToAll);
  rule.more = "w_max: 4 mu_plus: 1 mu_minus: 1";
  rule.law.spike = [](const Real& w, const Real& r1, const Real&) -> Real {
    return w + Real(2e-3) * (4 - w) * r1;
  };
  rule.law.arrival = [](const Real& w, const Real& o1, const Real&) -> Real {
    return w - Real(1e-3) * w * o1;
  };
  return rule;
}

Rule triplet_rule(const std::string& pairing, Partners partners) {
  Rule rule{"triplet_stdp",
            "w_max: 4 pairing: " + pairing,
            {{"tau_plus", 16.8},
             {"tau_minus", 33.7},
             {"tau_x", 101},
             {"tau_y", 125},
             {"A2_plus", 1e-4},
             {"A3_plus", 1e-3},
             {"A2_minus", 2e-4},
             {"A3_minus", 3e-4}},
            partners,
            {16.8, 33.7, 101, 125, {}, {}}};
  rule.law.spike = [](const Real& w, const Real& r1, const Real& o2) -> Real {
    return w + 4 * r1 * (Real(1e-4) + Real(1e-3) * o2);
  };
  rule.law.arrival = [](const Real& w, const Real& o1, const Real& r2) -> Real {
    return w - 4 * o1 * (Real(2e-4) + Real(3e-4) * r2);
  };
  return rule;
}

Rule vogels_rule() {
  Rule rule{"vogels_stdp",
            "w_max: 4",
            {{"tau", 20}, {"eta", 2e-3}, {"target_rate", 5}},
            Partners::kAllToAll,
            {20, 20, 0, 0, {}, {}}};
  rule.law.spike = [](const Real& w, const Real& r1, const Real&) -> Real { return w + Real(2e-3) * r1; };
  rule.law.arrival = [](const Real& w, const Real& o1, const Real&) -> Real {
    return w + Real(2e-3) * (o1 - 2 * Real(5) * Real("1e-3") * 20);
  };
  return rule;
}

const std::vector<Rule> kPairRules{
    pair_rule("ALL_TO_ALL", Partners::kAllToAll), pair_rule("NEAREST_SYMMETRIC", Partners::kNearestSymmetric),
    pair_rule("PRESYNAPTIC_CENTRED", Partners::kPresynapticCentred),
    pair_rule("REDUCED_SYMMETRIC", Partners::kReducedSymmetric), multiplicative_rule()};
const std::vector<Rule> kTripletRules{triplet_rule("ALL_TO_ALL", Partners::kAllToAll),
                                      triplet_rule("NEAREST_SYMMETRIC", Partners::kNearestSymmetric)};

constexpr double kDelay = 6;
constexpr char kReward[] = "reward { name: 'R' tau_n: 150 times: [0] amount: 0 } ";

/// A dendritic part of the delay, shared or the synapse's own.
struct Dendrite {
  double part;
  bool own;
  std::string text() const {
    return own ? "dendritic_delay { values { value: " + to_string(part) + " } } "
               : "dendritic_delay { constant: " + to_string(part) + " } ";
  }
};
const std::vector<Dendrite> kDendrites{
    {0, false}, {kDelay / 2, false}, {kDelay, false}, {kDelay / 2, true}, {kDelay, true}};

/// One synapse whose learning ends, by the sums over what reaches it before then.
class Truth {
 public:
  Truth(const Rule& rule, const TrainPair& trains, double dendritic)
      : rule_(rule), trains_(reference::at_synapse(trains.emitted, trains.spikes, kDelay, dendritic)) {}

  Real weight(double read, double learn_until) const {
    return brute_force_weight(before(std::min(read, learn_until)), rule_.partners, rule_.law, 1);
  }
  Real weight(double read, double learn_until, Modulation modulation) const {
    const double end = std::min(read, learn_until);
    std::erase_if(modulation.rewards, [&](const auto& reward) { return reward.time >= end; });
    return brute_force_rewarded_weight(before(end), rule_.partners, rule_.law, modulation, 1,
                                       reference::stated_time(end));
  }
  const reference::SynapseTrains& trains() const { return trains_; }

 private:
  reference::SynapseTrains before(double end) const {
    reference::SynapseTrains early = trains_;
    const auto is_late = [&](const Rational& t) { return t >= reference::stated_time(end); };
    std::erase_if(early.arrivals, is_late);
    std::erase_if(early.spikes, is_late);
    return early;
  }

  const Rule& rule_;
  reference::SynapseTrains trains_;
};

double in_ms(const Rational& t) { return static_cast<double>(reference::to_real(t)); }

/// Moments around an arrival and a postsynaptic spike at the synapse: at it, a tick later, and between
/// others.
std::vector<double> moments(const reference::SynapseTrains& trains) {
  const double arrival = in_ms(trains.arrivals[trains.arrivals.size() / 2]);
  const double spike = in_ms(trains.spikes[trains.spikes.size() / 2]);
  return {arrival, arrival + 1e-12, spike, spike + 1e-12, (arrival + spike) / 2};
}

double error(double w, const Real& truth) { return static_cast<double>(abs(w - truth)); }

/// What weight(t) is up to the moment.
template <class Weight>
std::map<double, Real> earlier(double moment, Weight weight) {
  std::map<double, Real> weights;
  for (const double before : {20.0, 4.0, 1.0, 0.0}) weights[moment - before] = weight(moment - before);
  return weights;
}

/// Reads before, at and after the moment, in runs of their own and settled often.
template <class R>
void expect_truth(const Rule& rule, std::uint64_t number) {
  for (const Dendrite& d : kDendrites) {
    const TrainPair trains = random_trains(number++, 60, kDelay - 2 * d.part);
    const Truth truth(rule, trains, d.part);
    for (const double moment : moments(truth.trains())) {
      const std::map<double, Real> early = earlier(moment, [&](double t) { return truth.weight(t, moment); });
      for (const bool own : {false, true}) {
        const auto read = [&](double t, std::size_t settle_every) {
          RuleRun<R> run(rule.text(own, moment) + d.text(), 1, kDelay);
          run.set_end(t);
          return run.run(trains.emitted, trains.spikes, settle_every);
        };
        const std::string what = rule.name + " { " + rule.more + " } learn_until " + to_string(moment) + ' ' +
                                 d.text() + (own ? "own" : "shared");
        for (const auto& [t, w] : early) EXPECT_LT(error(read(t, 0), w), 1e-12) << what << ", read at " << t;
        const double frozen = read(moment, 0);
        for (const double later : {1e-12, 0.5, kDelay / 2, kDelay, 2 * kDelay, 1e4})
          EXPECT_EQ(read(moment + later, later < 1 ? 1 : 0), frozen)
              << what << ", read " << later << " later";
      }
    }
  }
}

TEST(LearnUntil, NothingChangesAnyPairRuleFromThenOn) {
  for (const Rule& rule : kPairRules) expect_truth<PairStdp>(rule, 100);
}
TEST(LearnUntil, NothingChangesTheTripletRulesFromThenOn) {
  for (const Rule& rule : kTripletRules) expect_truth<TripletStdp>(rule, 200);
}
TEST(LearnUntil, NothingChangesTheVogelsRuleFromThenOn) { expect_truth<VogelsStdp>(vogels_rule(), 300); }

TEST(LearnUntil, NothingChangesARuleUnderShortTermPlasticityFromThenOn) {
  expect_truth<ShortTerm<PairStdp>>(kPairRules.front(), 400);
}

/// The same with what a reward makes of the changes.
template <class R>
void expect_rewarded_truth(const Rule& rule, std::uint64_t number) {
  for (const Dendrite& d : kDendrites)
    for (const double b : {0.0, 0.02}) {
      const TrainPair trains = random_trains(number++, 25, kDelay - 2 * d.part);
      const Truth truth(rule, trains, d.part);
      for (const double moment : moments(truth.trains())) {
        Modulation modulation{800, 150, b, 0, 4, {}};
        for (const double t : {-90.0, -20.0, -3.0, 0.0, 1.0, 50.0})
          modulation.rewards.push_back({moment + t, Real(0.25)});
        const std::map<double, Real> early =
            earlier(moment, [&](double t) { return truth.weight(t, moment, modulation); });
        for (const bool own : {false, true}) {
          const std::string reward =
              "modulation { reward: 'R' tau_c { constant: 800 } b { constant: " + to_string(b) + " } } ";
          const auto read = [&](double t, std::size_t settle_every) {
            RuleRun<R> run(rule.text(own, moment) + d.text() + reward, 1, kDelay, kReward);
            for (const auto& r : modulation.rewards) run.reward(r.time, static_cast<double>(r.amount));
            run.set_end(t);
            return run.run(trains.emitted, trains.spikes, settle_every);
          };
          const std::string what = rule.name + " { " + rule.more + " } learn_until " + to_string(moment) +
                                   ' ' + d.text() + (own ? "own" : "shared");
          for (const auto& [t, w] : early)
            EXPECT_LT(error(read(t, 0), w), 1e-12) << what << ", read at " << t;
          const double frozen = read(moment, 0);
          for (const double later : {1e-12, 0.5, kDelay, 2 * kDelay, 1e4})
            EXPECT_EQ(read(moment + later, later < 1 ? 1 : 0), frozen)
                << what << ", read " << later << " later";
        }
      }
    }
}

TEST(LearnUntil, NothingChangesAnyRewardedRuleFromThenOn) {
  for (const Rule& rule : kPairRules) expect_rewarded_truth<PairStdp>(rule, 500);
  for (const Rule& rule : kTripletRules) expect_rewarded_truth<TripletStdp>(rule, 600);
  expect_rewarded_truth<VogelsStdp>(vogels_rule(), 700);
}

TEST(LearnUntil, ManyRewardsAfterItAreForgottenWithoutHarm) {
  const auto weight = [](std::size_t rewards_after) {
    RuleRun<PairStdp> run(
        "pair_stdp { w_max: 4 learn_until: 200 } dendritic_delay { constant: 3 } modulation { reward: 'R' }",
        1, kDelay, kReward);
    run.reward(150, 1);
    for (std::size_t k = 0; k < rewards_after; ++k) run.reward(200 + 0.5 * static_cast<double>(k), 1);
    run.set_end(5000);
    return run.run({95, 400, 2900}, {110, 410, 3000}, 100);
  };
  EXPECT_GT(weight(0), 1);
  EXPECT_EQ(weight(6000), weight(0));
}

/// Settling to a time before an arrival comes to the soma shows what it did at the synapse, and takes nothing
/// back: what it transmits is the same.
TEST(LearnUntil, ReadingWhileAnArrivalIsInTheDendriteShowsItAndChangesNoBit) {
  for (const Dendrite& d : kDendrites) {
    const TrainPair trains = random_trains(800, 300, kDelay - 2 * d.part);
    const std::string rule = "pair_stdp { w_max: 2 } " + d.text();
    RuleRun<PairStdp> lazy(rule, 1, kDelay), eager(rule, 1, kDelay);
    EXPECT_EQ(lazy.run(trains.emitted, trains.spikes), eager.run(trains.emitted, trains.spikes, 1));
    EXPECT_EQ(lazy.transmitted(), eager.transmitted());
  }
}

TEST(LearnUntil, NothingIsScaledFromThenOn) {
  for (const Dendrite& d : kDendrites)
    for (const double end : {300 - 1e-12, 300.0, 301.0, 310.0}) {
      const TrainPair trains = random_trains(950, 50, kDelay - 2 * d.part);
      RuleRun<PairStdp> run("pair_stdp { w_max: 9 learn_until: 300 } " + d.text(), 1, kDelay);
      run.set_end(end);
      const double w = run.run(trains.emitted, trains.spikes);
      run.scale(1.5);
      run.settle(stated_time(end));
      const double after = run.rule().weight(SynapseId{0});
      EXPECT_TRUE(end < 300 ? after > 1.2 * w : after == w) << d.text() << end;
    }
}

TEST(LearnUntil, ScalingMultipliesTheWeightThatIsShown) {
  for (const Dendrite& d : kDendrites) {
    const TrainPair trains = random_trains(900, 50, kDelay - 2 * d.part);
    RuleRun<PairStdp> run(
        "pair_stdp { w_max: 9 mu_plus: 0 mu_minus: 0 A_plus { constant: 1e-3 } A_minus { constant: 5e-4 } "
        "} " +
            d.text(),
        1, kDelay);
    const double end = trains.emitted[25] + 4;
    run.set_end(end);
    const double w = run.run(trains.emitted, trains.spikes);
    run.scale(1.5);
    EXPECT_NEAR(run.rule().weight(SynapseId{0}), 1.5 * w, 1e-14) << d.text();
    run.settle(stated_time(end));
    EXPECT_NEAR(run.rule().weight(SynapseId{0}), 1.5 * w, 1e-14) << d.text();
  }
}

}  // namespace
}  // namespace chronotope::tests
