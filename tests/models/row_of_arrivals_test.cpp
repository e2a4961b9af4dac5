// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "chronotope/core/decimal.hpp"
#include "chronotope/core/plasticity_rule.hpp"
#include "chronotope/core/projection_source.hpp"
#include "chronotope/core/random_stream.hpp"
#include "chronotope/models/plasticity/pair_stdp.hpp"
#include "chronotope/models/plasticity/short_term.hpp"
#include "chronotope/models/plasticity/triplet_stdp.hpp"
#include "chronotope/models/plasticity/vogels_stdp.hpp"
#include "chronotope/proto/spec_codec.hpp"

namespace chronotope::tests {
namespace {

constexpr std::uint32_t kTargets = kManyArrivals;

NetworkDescription star(const std::string& rule, double delay) {
  proto::SpecText text;
  proto::parse_spec("seed: 5 population { name: 'n' size: " + std::to_string(kTargets) +
                        " delta_lif { } } input { name: 'x' size: 1 spike_times { times: [1] } } "
                        "projection { source: 'x' target: 'n' all_to_all { } "
                        "weight { uniform { low: 0.1 high: 1.9 } } delay { constant: " +
                        std::to_string(delay) + " } " + rule + " }",
                    "test.textproto", text);
  return proto::decode(text).network;
}

/// One source with a synapse on each of many targets; its arrivals come together or one by one, and are settled so.
template <SettlesMany Rule>
class Star {
 public:
  Star(const std::string& rule, double delay, bool together)
      : network_(star(rule, delay)),
        projection_(wire(network_, network_.projections[0])),
        rule_(projection_),
        delay_(stated_duration(delay)),
        together_(together) {
    for (std::uint32_t n = 0; n < kTargets; ++n) {
      targets_.push_back(n);
    }
  }

  /// Random trains, the targets' from none at all to eight times as fast as the source's.
  void run() {
    constexpr double kEnd = 5000;
    RandomStream random(1, Purpose("trains"), 0);
    std::multimap<Time, std::function<void()>> events;
    for (double ms = 2; ms < kEnd; ms += 50 * random.uniform()) {
      const Time t = stated_time(ms);
      events.emplace(t, [this, t] { rule_.sent(NeuronId{0}, t, t); });
      events.emplace(t + delay_, [this, t] { arrive(t); });
    }
    for (std::uint32_t n = 1; n < kTargets; ++n)
      for (double ms = 0; (ms += 400 * random.uniform() / n) < kEnd;)
        events.emplace(stated_time(ms), [this, n, ms] { rule_.fired(NeuronId{n}, stated_time(ms)); });
    for (double ms = 0; (ms += 900 * random.uniform()) < kEnd;)
      events.emplace(stated_time(ms), [this, ms] { settle(stated_time(ms)); });
    for (const auto& [time, happen] : events) happen();
  }

  /// What was transmitted, and the weights.
  std::vector<double> result() {
    std::vector<double> all = seen_;
    for (std::uint64_t s = 0; s < kTargets; ++s) all.push_back(rule_.weight(SynapseId{s}));
    return all;
  }

 private:
  void settle(Time t) {
    const auto row = rule_.row_until(NeuronId{0}, t, delay_);
    if (together_)
      rule_.settle_all(SynapseId{0}, targets_, row);
    else
      for (std::size_t k = 0; k < kTargets; ++k) rule_.settle(SynapseId{k}, NeuronId{targets_[k]}, row);
    for (std::uint64_t s = 0; s < kTargets; ++s) seen_.push_back(rule_.weight(SynapseId{s}));
  }
  void arrive(Time emitted) {
    const auto row = rule_.row(NeuronId{0}, emitted, delay_);
    std::array<double, kTargets> transmitted;
    if (together_)
      rule_.arrive_all(SynapseId{0}, targets_, row, transmitted);
    else
      for (std::size_t k = 0; k < kTargets; ++k)
        transmitted[k] = rule_.arrive(SynapseId{k}, NeuronId{targets_[k]}, row);
    seen_.insert(seen_.end(), transmitted.begin(), transmitted.end());
  }

  NetworkDescription network_;
  ProjectionSource projection_;
  Rule rule_;
  Duration delay_;
  bool together_;
  std::vector<std::uint32_t> targets_;
  std::vector<double> seen_;
};

/// With one spike of the source on its way at most, and with several.
template <class Rule>
void expect_same_bits(const std::string& rule) {
  for (const double delay : {0.5, 60.0}) {
    Star<Rule> one_by_one(rule, delay, false);
    Star<Rule> together(rule, delay, true);
    one_by_one.run();
    together.run();
    ASSERT_GT(one_by_one.result().size(), 100 * kTargets);
    EXPECT_EQ(one_by_one.result(), together.result()) << rule << ", delay " << delay;
  }
}

TEST(RowOfArrivals, OfAPairRuleHasTheBitsOfItsArrivals) {
  for (const std::string constants :
       {"mu_plus: 0 mu_minus: 0", "mu_plus: 1 mu_minus: 1", "mu_plus: 0.4 mu_minus: 0.7",
        "w_ref: 1 mu_plus: 0.4", "mu_plus: 0 mu_minus: 0 transmit: AFTER_UPDATE", "learn_until: 2000",
        "pairing: NEAREST_SYMMETRIC", "pairing: REDUCED_SYMMETRIC",
        "tau_plus { gamma { mean: 20 cv: 0.5 } } tau_minus { gamma { mean: 30 cv: 0.5 } }",
        ("tau_plus { gamma { mean: 20 cv: 0.5 } } tau_minus { gamma { mean: 30 cv: 0.5 } } "
         "A_minus { lognormal { mean: 0.1 cv: 0.5 } } mu_plus: 0.4 transmit: AFTER_UPDATE learn_until: 4000"),
        "tau_plus { gamma { mean: 20 cv: 0.5 } }", "A_minus { lognormal { mean: 0.1 cv: 0.5 } }"})
    expect_same_bits<models::PairStdp>("pair_stdp { A_plus { constant: 0.1 } w_max: 2 " + constants + " }");
  expect_same_bits<models::PairStdp>("dendritic_fraction { constant: 0.5 } pair_stdp { w_max: 2 }");
}

TEST(RowOfArrivals, OfATripletRuleHasTheBitsOfItsArrivals) {
  for (const std::string constants : {"", "A2_plus { constant: 0.05 } A3_minus { constant: 0.05 }",
                                      "pairing: NEAREST_SYMMETRIC", "tau_x { gamma { mean: 100 cv: 0.5 } }"})
    expect_same_bits<models::TripletStdp>("triplet_stdp { w_max: 2 " + constants + " }");
}

TEST(RowOfArrivals, OfVogelsRuleHasTheBitsOfItsArrivals) {
  expect_same_bits<models::VogelsStdp>("vogels_stdp { eta { constant: 0.1 } w_max: 2 }");
  expect_same_bits<models::VogelsStdp>("vogels_stdp { eta { uniform { low: 0 high: 0.1 } } w_max: 2 }");
}

TEST(RowOfArrivals, OfShortTermPlasticityAroundARuleHasTheBitsOfItsArrivals) {
  const std::string rule = "pair_stdp { A_plus { constant: 0.1 } w_max: 2 } ";
  expect_same_bits<models::ShortTerm<models::PairStdp>>(rule + "short_term { tau_fac { constant: 100 } }");
  expect_same_bits<models::ShortTerm<models::PairStdp>>(
      rule + "short_term { U { uniform { low: 0.1 high: 0.9 } } }");
}

}  // namespace
}  // namespace chronotope::tests
