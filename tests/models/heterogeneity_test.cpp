// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>
#include <boost/math/distributions/gamma.hpp>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "chronotope/core/decimal.hpp"
#include "chronotope/models/plasticity/pair_stdp.hpp"
#include "chronotope/models/plasticity/triplet_stdp.hpp"
#include "chronotope/models/plasticity/vogels_stdp.hpp"
#include "chronotope/tests/suites/rule_run.hpp"
#include "chronotope/tests/suites/run_network.hpp"

namespace chronotope::tests {
namespace {

/// Values of a rule's parameters at 10,000 synapses.
class Draws {
 public:
  explicit Draws(const std::string& rule)
      : network_(decode(rule)), source_(wire(network_, network_.projections[0])) {}

  std::vector<double> operator()(const std::string& name) const {
    const Parameter<SynapseId> drawn = source_.draw(name, -1, kFinite);
    std::vector<double> values;
    for (std::uint64_t s = 0; s < source_.synapse_count(); ++s) values.push_back(drawn[SynapseId{s}]);
    return values;
  }

 private:
  static NetworkDescription decode(const std::string& rule) {
    proto::SpecText text;
    proto::parse_spec(
        "seed: 5 population { name: 'n' size: 100 delta_lif { } } projection { source: 'n' target: "
        "'n' all_to_all { } weight { constant: 1 } " +
            rule + " }",
        "test.textproto", text);
    return proto::decode(text).network;
  }

  NetworkDescription network_;
  ProjectionSource source_;
};

double mean(const std::vector<double>& x) {
  double sum = 0;
  for (const double v : x) sum += v;
  return sum / static_cast<double>(x.size());
}

double correlation(const std::vector<double>& x, const std::vector<double>& y) {
  double xx = 0, yy = 0, xy = 0;
  const double mx = mean(x), my = mean(y);
  for (std::size_t i = 0; i < x.size(); ++i) {
    xx += (x[i] - mx) * (x[i] - mx);
    yy += (y[i] - my) * (y[i] - my);
    xy += (x[i] - mx) * (y[i] - my);
  }
  return xy / std::sqrt(xx * yy);
}

std::vector<double> logs(std::vector<double> x) {
  for (double& v : x) v = std::log(v);
  return x;
}

/// Ranks as standard normal scores of the gamma distribution with this mean and cv.
std::vector<double> gamma_cdf(std::vector<double> x, double mean, double cv) {
  const boost::math::gamma_distribution<double> gamma(1 / (cv * cv), mean * cv * cv);
  for (double& v : x) v = cdf(gamma, v);
  return x;
}

/// The largest distance of sorted ranks from those of a uniform variable, in units of that at p = 0.001.
double distance_from_uniform(std::vector<double> ranks) {
  std::sort(ranks.begin(), ranks.end());
  const auto n = static_cast<double>(ranks.size());
  double distance = 0;  // Kolmogorov-Smirnov
  for (std::size_t i = 0; i < ranks.size(); ++i)
    distance = std::max(distance, std::abs(ranks[i] - (static_cast<double>(i) + 0.5) / n));
  return distance * std::sqrt(n) / 1.95;
}

const std::string kAmplitudes =
    "A_plus { lognormal { mean: 0.01 cv: 0.5 } } A_minus { lognormal { mean: 0.012 cv: 0.8 } } ";
const std::string kTaus = "tau_plus { gamma { mean: 20 cv: 0.5 } } tau_minus { gamma { mean: 30 cv: 0.7 } } ";

TEST(Correlation, LogarithmsOfLognormalParametersCorrelateByRho) {
  for (const double rho : {-0.7, 0.0, 0.5, 1.0}) {
    const Draws draws("pair_stdp { " + kAmplitudes +
                      "correlation { first: 'A_plus' second: 'A_minus' rho: " + to_string(rho) + " } }");
    EXPECT_NEAR(correlation(logs(draws("A_plus")), logs(draws("A_minus"))), rho, 3 / std::sqrt(10000.0));
  }
}

TEST(Correlation, KeepsTheDistributionOfEachParameter) {
  const Draws draws("pair_stdp { " + kTaus +
                    "correlation { first: 'tau_plus' second: 'tau_minus' rho: 0.6 } }");
  for (const auto& [name, mean_tau, cv] : {std::tuple("tau_plus", 20.0, 0.5), {"tau_minus", 30.0, 0.7}}) {
    EXPECT_LT(distance_from_uniform(gamma_cdf(draws(name), mean_tau, cv)), 1) << name;
  }
  // Spearman's rank correlation of a Gaussian copula is 6/pi asin(rho/2).
  EXPECT_NEAR(correlation(gamma_cdf(draws("tau_plus"), 20, 0.5), gamma_cdf(draws("tau_minus"), 30, 0.7)),
              6 / std::acos(-1.0) * std::asin(0.3), 3 / std::sqrt(10000.0));
}

TEST(Correlation, RhoOneOrdersBothParametersAlike) {
  const Draws draws(
      "pair_stdp { tau_plus { uniform { low: 10 high: 20 } } tau_minus { gamma { mean: 30 cv: 0.7 } } "
      "correlation { first: 'tau_plus' second: 'tau_minus' rho: 1 } }");
  std::vector<std::pair<double, double>> both;
  const std::vector<double> plus = draws("tau_plus"), minus = draws("tau_minus");
  for (std::size_t i = 0; i < plus.size(); ++i) both.emplace_back(plus[i], minus[i]);
  std::sort(both.begin(), both.end());
  EXPECT_TRUE(std::is_sorted(both.begin(), both.end(),
                             [](const auto& a, const auto& b) { return a.second < b.second; }));
}

TEST(Correlation, BothParametersStayWithinTheirBounds) {
  const Draws draws(
      "pair_stdp { tau_plus { gamma { mean: 20 cv: 0.5 } min: 10 } tau_minus { gamma { mean: 30 cv: 0.7 } "
      "max: 50 } correlation { first: 'tau_plus' second: 'tau_minus' rho: 0.9 } }");
  EXPECT_GE(std::ranges::min(draws("tau_plus")), 10);
  EXPECT_LE(std::ranges::max(draws("tau_minus")), 50);
}

TEST(Correlation, BoundsOnOneParameterBendTheOthersDistributionNowhere) {
  const Draws draws(
      "pair_stdp { tau_plus { uniform { low: 10 high: 30 } } tau_minus { gamma { mean: 30 cv: 0.7 } min: 20 "
      "max: 60 } correlation { first: 'tau_plus' second: 'tau_minus' rho: 0.9 } }");
  std::vector<double> plus = draws("tau_plus");
  for (double& x : plus) x = (x - 10) / 20;
  EXPECT_LT(distance_from_uniform(plus), 1);
  const double low = gamma_cdf({20}, 30, 0.7)[0], high = gamma_cdf({60}, 30, 0.7)[0];
  std::vector<double> minus = gamma_cdf(draws("tau_minus"), 30, 0.7);
  for (double& x : minus) x = (x - low) / (high - low);
  EXPECT_LT(distance_from_uniform(minus), 1);
  EXPECT_NEAR(correlation(plus, minus), 6 / std::acos(-1.0) * std::asin(0.45), 3 / std::sqrt(10000.0));
}

TEST(Correlation, BoundsThatNothingMeetsAreRefused) {
  const Draws draws(
      "pair_stdp { tau_plus { uniform { low: 10 high: 30 } max: 5 } tau_minus { gamma { mean: 30 cv: 0.7 } } "
      "correlation { first: 'tau_plus' second: 'tau_minus' rho: 0.9 } }");
  EXPECT_THROW(draws("tau_plus"), InputError);
}

TEST(Correlation, WithAParameterWithoutSpreadChangesNoBit) {
  const std::string taus = "tau_plus { gamma { mean: 20 cv: 0.5 } } tau_minus { gamma { mean: 30 cv: 0 } } ";
  const Draws alone("pair_stdp { " + taus + "}");
  const Draws joined("pair_stdp { " + taus +
                     "correlation { first: 'tau_plus' second: 'tau_minus' rho: 0.6 } }");
  EXPECT_EQ(alone("tau_plus"), joined("tau_plus"));
  EXPECT_EQ(alone("tau_minus"), joined("tau_minus"));
}

/// Two populations that learn at all of their synapses, under `rule`.
std::string learning_network(const std::string& rule, const std::string& inhibitory = "") {
  return R"(seed: 11
    population { name: 'E' size: 80 delta_lif { I_e { constant: 190 } V_m { uniform { low: -70 high: -55 } } } }
    population { name: 'I' size: 20 delta_lif { I_e { constant: 195 } V_m { uniform { low: -70 high: -55 } } } }
    projection { source: 'E' target: 'E' pairwise_bernoulli { p: 0.2 } weight { lognormal { mean: 0.4 cv: 0.3 } max: 1 }
      delay { uniform { low: 1 high: 5 } } )" +
         rule + R"( }
    projection { source: 'I' target: 'E' pairwise_bernoulli { p: 0.4 } weight { uniform { low: -1 high: -0.1 } }
      delay { constant: 1 } )" +
         inhibitory + " }";
}

TEST(Heterogeneity, ParametersWithoutSpreadGiveTheSharedConstantsBits) {
  const std::string shared =
      "pair_stdp { tau_plus { constant: 18 } tau_minus { constant: 25 } A_plus { constant: 0.02 } "
      "A_minus { constant: 0.02 } mu_plus: 0.5 mu_minus: 0.5 w_max: 1 }";
  const std::string spread =
      "pair_stdp { tau_plus { gamma { mean: 18 cv: 0 } } tau_minus { lognormal { mean: 25 cv: 0 } } A_plus { "
      "normal { mean: 0.02 sd: 0 } } A_minus { uniform { low: 0.02 high: 0.02 } } mu_plus_distribution { "
      "gamma { mean: 0.5 cv: 0 } } mu_minus_distribution { gamma { mean: 0.5 cv: 0 } } w_max_distribution { "
      "gamma { mean: 1 cv: 0 } } correlation { first: 'tau_plus' second: 'tau_minus' rho: 0.5 } }";
  NetworkRun a(learning_network(shared)), b(learning_network(spread));
  a.until(500), b.until(500);
  EXPECT_GT(a.spikes().size(), 400u);
  EXPECT_EQ(a.spikes(), b.spikes());
  EXPECT_EQ(a.weights(0), b.weights(0));
}

TEST(Heterogeneity, EveryParameterOfAPairRuleMayDifferBetweenSynapses) {
  NetworkRun run(learning_network(
      "dendritic_fraction { uniform { low: 0 high: 1 } } pair_stdp { " + kTaus + kAmplitudes +
      "w_max_distribution { uniform { low: 1 high: 1.5 } } w_min_distribution { uniform { low: "
      "0 high: 0.1 } } mu_plus_distribution { uniform { low: 0 high: 1 } } "
      "mu_minus_distribution { uniform { low: 0 high: 1 } } }"));
  run.until(500);
  for (const double w : run.weights(0)) EXPECT_TRUE(w >= 0 && w <= 1.5) << w;
  NetworkRun pieces(learning_network(
      "dendritic_fraction { uniform { low: 0 high: 1 } } pair_stdp { " + kTaus + kAmplitudes +
      "w_max_distribution { uniform { low: 1 high: 1.5 } } w_min_distribution { uniform { "
      "low: 0 high: 0.1 } } mu_plus_distribution { uniform { low: 0 high: 1 } } "
      "mu_minus_distribution { uniform { low: 0 high: 1 } } }"));
  for (int t = 1; t <= 500; ++t) pieces.until(t).weights(0);
  EXPECT_EQ(run.spikes(), pieces.spikes());
  EXPECT_EQ(run.weights(0), pieces.weights(0));
}

TEST(Heterogeneity, NoSynapseChangesItsSign) {
  for (const std::string rule :
       {"pair_stdp { A_plus { constant: 0.5 } A_minus { constant: 0.5 } mu_plus: 0 mu_minus: 0 }",
        "triplet_stdp { A2_minus { constant: 1 } }",
        "vogels_stdp { eta { constant: 0.5 } target_rate { constant: 50 } }"}) {
    NetworkRun run(learning_network("", rule));
    run.until(1000);
    for (const double w : run.weights(1)) EXPECT_LE(w, 0) << rule;
  }
}

/// Bytes on the heap.
std::size_t in_use() {
  const auto heap = mallinfo2();
  return heap.uordblks + heap.hblkhd;
}

TEST(PlasticMemory, OfTheEngineIsFlatOverAMillionSpikesOfTheTargetWithoutAnArrival) {
  NetworkRun run(
      R"(population { name: 'n' size: 1 delta_lif { I_e { constant: 1000000 } t_ref { constant: 0.01 } } }
    input { name: 'x' size: 1 spike_times { times: [1] } }
    projection { source: 'x' target: 'n' one_to_one { } weight { constant: 0.1 } pair_stdp { } })");
  const auto of_network = [&] { return in_use() - run.spikes().capacity() * sizeof(RecordedSpike); };
  run.until(100);
  const std::size_t before = of_network();
  run.until(15000);
  EXPECT_GT(run.spikes().size(), 1'000'000u);
  EXPECT_LT(of_network(), before + 1'000'000);
}

template <class Rule>
void expect_flat_memory(const std::string& text) {
  RuleRun<Rule> run(text);
  run.rule().sent(NeuronId{0}, stated_time(1), stated_time(1));
  std::size_t before = 0;
  for (int k = 0; k < 1'000'000; ++k) {
    const Time t = stated_time(20.0 * k);
    run.rule().fired(NeuronId{0}, t);
    if (k % 4096 == 0) run.settle(t);
    if (k == 10'000) before = in_use();
  }
  EXPECT_LE(in_use(), before + 1'000'000) << text;
}

TEST(PlasticMemory, OfEveryRuleIsFlatOverAMillionSpikesOfTheTargetWithoutAnArrival) {
  expect_flat_memory<models::PairStdp>("pair_stdp { }");
  expect_flat_memory<models::PairStdp>("pair_stdp { tau_minus { values { value: 30 } } }");
  expect_flat_memory<models::TripletStdp>("triplet_stdp { tau_y { values { value: 100 } } }");
  expect_flat_memory<models::VogelsStdp>("vogels_stdp { }");
}

TEST(PlasticMemory, IsFlatOverAMillionSpikesOfTheSource) {
  for (const std::string text : {"pair_stdp { }", "pair_stdp { tau_plus { values { value: 30 } } }"}) {
    RuleRun<models::PairStdp> run(text);
    std::size_t before = 0;
    for (int k = 0; k < 1'000'000; ++k) {
      run.rule().sent(NeuronId{0}, stated_time(20.0 * k), stated_time(20.0 * k));
      if (k == 10'000) before = in_use();
    }
    EXPECT_LE(in_use(), before + 100'000) << text;
  }
}

/// A projection from one neuron to three.
NetworkDescription fan(const std::string& wiring) {
  proto::SpecText text;
  proto::parse_spec(
      "population { name: 'a' size: 1 delta_lif { } } population { name: 'b' size: 3 delta_lif { } } "
      "projection { source: 'a' target: 'b' weight: 1 delay: 2 pair_stdp { tau_plus { uniform { low: "
      "10 high: 30 } } } " +
          wiring + " }",
      "fan.textproto", text);
  return proto::decode(text).network;
}

/// By target, in synapse order.
std::vector<std::vector<double>> tau_plus_by_target(const std::string& wiring) {
  const NetworkDescription network = fan(wiring);
  ProjectionSource source = wire(network, network.projections[0]);
  const Parameter<SynapseId> drawn = source.draw("tau_plus", -1, kFinite);
  const Connectivity connectivity = source.take_connectivity();
  std::vector<std::vector<double>> values(3);
  for (std::uint64_t s = 0; s < connectivity.synapse_count(); ++s)
    values[index(connectivity.target(SynapseId{s}))].push_back(drawn[SynapseId{s}]);
  return values;
}

/// The first of parallel synapses has what a single one has, the others have numbers of their own.
TEST(KeyedDraws, ParallelSynapsesDrawByTheirOccurrence) {
  const auto single = tau_plus_by_target("all_to_all { }");
  const auto parallel = tau_plus_by_target("fixed_outdegree { outdegree: 30 }");
  std::vector<double> all;
  for (std::size_t target = 0; target < 3; ++target) {
    ASSERT_GE(parallel[target].size(), 2U);
    EXPECT_EQ(parallel[target][0], single[target][0]);
    all.insert(all.end(), parallel[target].begin(), parallel[target].end());
  }
  std::sort(all.begin(), all.end());
  EXPECT_EQ(std::adjacent_find(all.begin(), all.end()), all.end());
}

/// That of the first synapse, of a delay of 2 ms.
double dendritic_part(const std::string& fields) {
  const NetworkDescription network = fan("all_to_all { } " + fields);
  return wire(network, network.projections[0]).dendritic_delays()[SynapseId{0}].ms();
}

std::string refusal_of_part(const std::string& fields) {
  try {
    dendritic_part(fields);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(DendriticDelay, IsAtMostTheWholeDelay) {
  EXPECT_EQ(dendritic_part("dendritic_delay: 2"), 2);
  EXPECT_THAT(refusal_of_part("dendritic_delay: 2.000000000001"),
              testing::HasSubstr("must not be longer than the delay, 2.0"));
}

TEST(DendriticDelay, IsAShareOfTheDelayBetweenNoneAndAll) {
  EXPECT_EQ(dendritic_part("dendritic_fraction: 0"), 0);
  EXPECT_EQ(dendritic_part("dendritic_fraction: 0.25"), 0.5);
  EXPECT_EQ(dendritic_part("dendritic_fraction: 1"), 2);
  for (const char* outside : {"-0.001", "1.001"})
    EXPECT_THAT(refusal_of_part(std::string("dendritic_fraction: ") + outside),
                testing::HasSubstr("must lie in [0, 1]"));
}

}  // namespace
}  // namespace chronotope::tests
