// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/wiring.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "chronotope/core/error.hpp"
#include "chronotope/core/multinomial.hpp"

namespace chronotope {
namespace {

WiringContext context(std::uint32_t sources, std::uint32_t targets) {
  WiringContext c;
  c.sources = sources;
  c.targets = targets;
  c.recurrent = sources == targets;
  c.seed = 5;
  c.purpose = Purpose("test");
  return c;
}

TEST(Wiring, AllToAllLeavesOutAutapsesOnRequest) {
  WiringContext c = context(3, 3);
  EXPECT_EQ(all_to_all(c).target.size(), 9u);
  c.autapses = false;
  const Adjacency rows = all_to_all(c);
  EXPECT_EQ(rows.target, (std::vector<std::uint32_t>{1, 2, 0, 2, 0, 1}));
}

TEST(Wiring, OneToOneIsNothingButAutapsesWithinAPopulation) {
  WiringContext c = context(3, 3);
  EXPECT_EQ(one_to_one(c).target, (std::vector<std::uint32_t>{0, 1, 2}));
  EXPECT_EQ(one_to_one(c).row_begin, (std::vector<std::uint64_t>{0, 1, 2, 3}));
  c.autapses = false;
  EXPECT_EQ(one_to_one(c).row_begin, (std::vector<std::uint64_t>{0, 0, 0, 0}));
}

TEST(Wiring, EqualIndicesOfTwoPopulationsAreNoAutapses) {
  WiringContext c = context(3, 3);
  c.recurrent = false;
  c.autapses = false;
  c.multapses = false;
  EXPECT_EQ(one_to_one(c).target.size(), 3u);
  EXPECT_EQ(all_to_all(c).target.size(), 9u);
  EXPECT_EQ(pairwise_bernoulli(c, 1, {}).target.size(), 9u);
  EXPECT_EQ(fixed_outdegree(c, 3).target.size(), 9u);
  EXPECT_EQ(fixed_indegree(c, 3).target.size(), 9u);
}

TEST(Wiring, BernoulliConnectsEachPairWithItsProbability) {
  const double p = 0.02;
  const double pairs = 1000.0 * 2000.0;
  const auto count = static_cast<double>(pairwise_bernoulli(context(1000, 2000), p, {}).target.size());
  EXPECT_NEAR(count, p * pairs, 4 * std::sqrt(pairs * p * (1 - p)));
}

TEST(Wiring, BernoulliReachesTheExtremes) {
  EXPECT_EQ(pairwise_bernoulli(context(10, 20), 1, {}).target.size(), 200u);
  EXPECT_EQ(pairwise_bernoulli(context(10, 20), 0, {}).target.size(), 0u);
}

TEST(Wiring, BernoulliRowsDoNotChangeWhenATargetIsAdded) {
  const Adjacency fewer = pairwise_bernoulli(context(50, 60), 0.3, {});
  const Adjacency more = pairwise_bernoulli(context(50, 61), 0.3, {});
  for (std::size_t i = 0; i < 50; ++i) {
    std::vector<std::uint32_t> row(more.row(i).begin(), more.row(i).end());
    std::erase(row, 60u);
    EXPECT_TRUE(std::equal(row.begin(), row.end(), fewer.row(i).begin(), fewer.row(i).end())) << i;
  }
}

TEST(Wiring, BernoulliLeavesOutAutapsesOnRequest) {
  WiringContext c = context(40, 40);
  c.autapses = false;
  const Adjacency all = pairwise_bernoulli(c, 1, {});
  const Adjacency some = pairwise_bernoulli(c, 0.6, {});
  const Adjacency with = pairwise_bernoulli(context(40, 40), 0.6, {});
  for (std::uint32_t i = 0; i < 40; ++i) {
    EXPECT_EQ(all.row(i).size(), 39U);
    std::vector<std::uint32_t> others(with.row(i).begin(), with.row(i).end());
    std::erase(others, i);
    EXPECT_TRUE(std::equal(some.row(i).begin(), some.row(i).end(), others.begin(), others.end())) << i;
  }
}

TEST(Wiring, TargetFractionChoosesThatManyTargets) {
  const Adjacency rows = pairwise_bernoulli(context(64, 1000), 0.3, 0.3);
  const std::set<std::uint32_t> reached(rows.target.begin(), rows.target.end());
  EXPECT_EQ(reached.size(), 300u);
  EXPECT_NEAR(static_cast<double>(rows.target.size()), 64 * 300 * 0.3, 4 * std::sqrt(64 * 300 * 0.21));
}

TEST(Wiring, TargetFractionIsRoundedToWholeTargets) {
  const auto reached = [](std::uint32_t targets, double fraction) {
    return pairwise_bernoulli(context(1, targets), 1, fraction).target.size();
  };
  EXPECT_EQ(reached(10, 0.24), 2u);
  EXPECT_EQ(reached(10, 0.25), 3u);
  EXPECT_EQ(reached(10, 0.26), 3u);
  EXPECT_EQ(reached(10, 0), 0u);
  EXPECT_EQ(reached(10, 1), 10u);
}

TEST(Wiring, FixedDegreesAreExact) {
  const Adjacency out = fixed_outdegree(context(30, 100), 17);
  for (std::size_t i = 0; i < 30; ++i) EXPECT_EQ(out.row(i).size(), 17u);
  std::vector<int> indegree(100, 0);
  for (const auto j : fixed_indegree(context(30, 100), 25).target) ++indegree[j];
  EXPECT_EQ(std::count(indegree.begin(), indegree.end(), 25), 100);
}

TEST(Wiring, ADegreeOfZeroNeedsNobody) {
  WiringContext c = context(1, 1);
  c.autapses = false;
  EXPECT_EQ(fixed_indegree(c, 0).target.size(), 0u);
  EXPECT_EQ(fixed_outdegree(c, 0).target.size(), 0u);
  EXPECT_THROW(fixed_indegree(c, 1), InputError);
}

TEST(Wiring, WithoutMultapsesAndAutapsesPartnersAreDifferentOthers) {
  WiringContext c = context(12, 12);
  c.autapses = false;
  c.multapses = false;
  const Adjacency rows = fixed_outdegree(c, 11);
  for (std::uint32_t i = 0; i < 12; ++i) {
    const std::set<std::uint32_t> partners(rows.row(i).begin(), rows.row(i).end());
    EXPECT_EQ(partners.size(), 11u);
    EXPECT_FALSE(partners.contains(i));
  }
  EXPECT_THROW(fixed_outdegree(c, 12), InputError);
}

/// How often every ordered pair is connected.
std::vector<double> pair_counts(const Adjacency& rows, std::uint32_t targets) {
  std::vector<double> count(rows.sources() * targets, 0);
  for (std::uint32_t i = 0; i < rows.sources(); ++i)
    for (const auto j : rows.row(i)) ++count[i * targets + j];
  return count;
}

TEST(Wiring, FixedTotalConnectsEveryPairEquallyOften) {
  constexpr double kEach = 500;
  constexpr double kPairs = 9 * 13;
  const Adjacency rows = fixed_total(context(9, 13), static_cast<std::uint64_t>(kEach * kPairs));
  EXPECT_EQ(static_cast<double>(rows.target.size()), kEach * kPairs);
  double statistic = 0;
  for (const double count : pair_counts(rows, 13)) statistic += (count - kEach) * (count - kEach) / kEach;
  EXPECT_GT(cdf(complement(boost::math::chi_squared(kPairs - 1), statistic)), 1e-4);
  EXPECT_LT(cdf(complement(boost::math::chi_squared(kPairs - 1), statistic)), 1 - 1e-4);
}

TEST(Wiring, FixedTotalSharesItsSynapsesOverThePairsThatAreNoAutapses) {
  constexpr double kEach = 800;
  constexpr double kPairs = 8 * 7;
  WiringContext c = context(8, 8);
  c.autapses = false;
  const auto counts = pair_counts(fixed_total(c, static_cast<std::uint64_t>(kEach * kPairs)), 8);
  double statistic = 0;
  for (std::size_t pair = 0; pair < counts.size(); ++pair) {
    const bool is_autapse = pair % 9 == 0;
    const double expected = is_autapse ? 0 : kEach;
    statistic += (counts[pair] - expected) * (counts[pair] - expected) / kEach;
    EXPECT_TRUE(!is_autapse || counts[pair] == 0) << pair;
  }
  EXPECT_GT(cdf(complement(boost::math::chi_squared(kPairs - 1), statistic)), 1e-4);
}

TEST(Wiring, FixedTotalNeedsAPairToConnect) {
  WiringContext c = context(1, 1);
  EXPECT_EQ(fixed_total(c, 3).target, (std::vector<std::uint32_t>{0, 0, 0}));
  c.autapses = false;
  EXPECT_EQ(fixed_total(c, 0).target.size(), 0u);
  EXPECT_THROW(fixed_total(c, 1), InputError);
}

/// What fixed_total() draws for one target, from the halvings above it and the target's own stream.
std::vector<std::uint32_t> sources_alone(const WiringContext& c, std::uint64_t total, std::uint32_t target) {
  std::uint64_t halving = 1;
  for (std::uint32_t first = 0, size = c.targets; size > 1;) {
    const std::uint64_t left =
        draw_binomial(total, size / 2, size, RandomStream(c.seed, c.purpose, halving, 1));
    const bool right = target >= first + size / 2;
    total = right ? total - left : left;
    first += right ? size / 2 : 0;
    size = right ? size - size / 2 : size / 2;
    halving = 2 * halving + (right ? 1 : 0);
  }
  RandomStream stream(c.seed, c.purpose, target);
  std::vector<std::uint32_t> sources;
  for (; total > 0; --total) sources.push_back(static_cast<std::uint32_t>(stream.below(c.sources)));
  std::sort(sources.begin(), sources.end());
  return sources;
}

TEST(Wiring, ATargetOfFixedTotalCanBeBuiltAlone) {
  const WiringContext c = context(21, 10);
  const Adjacency rows = fixed_total(c, 700);
  for (const std::uint32_t target : {0u, 4u, 5u, 9u}) {
    std::vector<std::uint32_t> sources;
    for (std::uint32_t i = 0; i < 21; ++i)
      for (const auto j : rows.row(i))
        if (j == target) sources.push_back(i);
    EXPECT_EQ(sources, sources_alone(c, 700, target));
  }
}

TEST(Wiring, DistanceRuleFollowsItsFormulaInEveryBin) {
  std::vector<Position> sites;
  for (std::uint64_t s = 0; s < 1000; ++s) sites.push_back(lattice_site(s, 10, 10));
  WiringContext c = context(1000, 1000);
  c.autapses = false;
  const Adjacency rows = distance_dependent(c, {0.3, 2}, {}, sites, sites);
  std::vector<double> made(20, 0);
  std::vector<double> pairs(20, 0);
  for (std::size_t i = 0; i < 1000; ++i) {
    for (std::size_t j = 0; j < 1000; ++j)
      if (const double d2 = squared_distance(sites[i], sites[j]); d2 > 0 && d2 < 20)
        ++pairs[static_cast<std::size_t>(d2)];
    for (const auto j : rows.row(i))
      if (const double d2 = squared_distance(sites[i], sites[j]); d2 < 20)
        ++made[static_cast<std::size_t>(d2)];
  }
  for (std::size_t d2 = 1; d2 < 20; ++d2) {
    const double p = 0.3 * std::exp(-static_cast<double>(d2) / 4);
    EXPECT_NEAR(made[d2], p * pairs[d2], 4 * std::sqrt(pairs[d2] * p * (1 - p)) + 1e-9) << d2;
  }
}

/// The square of the shortest way between two places of a box whose copies fill the plane, by trying them.
double shortest_squared(const Position& a, const Position& b, double width, double height) {
  double least = std::numeric_limits<double>::infinity();
  for (int i = -2; i <= 2; ++i)
    for (int j = -2; j <= 2; ++j)
      least = std::min(least, squared_distance(a, {b.x + i * width, b.y + j * height, b.z}));
  return least;
}

TEST(Wiring, DistancesGoTheShortWayAround) {
  RandomStream draws(3, Purpose("places"), 0);
  const Torus box{7.5, 2.25, Torus::kOpen};
  for (int k = 0; k < 2000; ++k) {
    const Position a{9 * draws.uniform() - 1, 3 * draws.uniform(), draws.uniform()};
    const Position b{9 * draws.uniform() - 1, 3 * draws.uniform(), 50 * draws.uniform()};
    const double expected = shortest_squared(a, b, box.x, box.y);
    EXPECT_NEAR(squared_distance(a, b, box), expected, 1e-12 * expected);
    EXPECT_EQ(squared_distance(a, b, Torus{}), squared_distance(a, b));
  }
}

/// How often each kernel must connect, by its formula.
double probability(KernelShape shape, double r) {
  switch (shape) {
    case KernelShape::kGaussian:
      return 0.6 * std::exp(-r * r / 2);
    case KernelShape::kExponential:
      return 0.6 * std::exp(-r);
    case KernelShape::kLinear:
      return r < 1 ? 0.6 * (1 - r) : 0;
    case KernelShape::kMaass:
      break;
  }
  return 0.6 * std::exp(-r * r);
}

TEST(Wiring, KernelsFollowTheirFormulaAtEveryPeriodicDistance) {
  std::vector<Position> sites;
  for (std::uint64_t s = 0; s < 900; ++s) sites.push_back(lattice_site(s, 30, 30));
  WiringContext c = context(900, 900);
  for (const auto shape :
       {KernelShape::kMaass, KernelShape::kGaussian, KernelShape::kExponential, KernelShape::kLinear}) {
    const Adjacency rows = distance_dependent(c, {0.6, 4, shape}, {30, 30, 1}, sites, sites);
    std::map<double, double> made, pairs;
    for (std::size_t i = 0; i < sites.size(); ++i) {
      for (const Position& other : sites) ++pairs[shortest_squared(sites[i], other, 30, 30)];
      for (const auto j : rows.row(i)) ++made[shortest_squared(sites[i], sites[j], 30, 30)];
    }
    double rare_made = 0, rare = 0, rare_variance = 0;  // distances at which hardly a pair is connected
    for (const auto& [squared, count] : pairs) {
      const double p = probability(shape, std::sqrt(squared) / 4);
      if (p * count < 10) {
        rare_made += made[squared];
        rare += p * count;
        rare_variance += p * count * (1 - p);
      } else {
        EXPECT_NEAR(made[squared], p * count, 4.5 * std::sqrt(count * p * (1 - p))) << squared;
      }
    }
    EXPECT_NEAR(rare_made, rare, 4.5 * std::sqrt(rare_variance) + 1e-9);
  }
}

/// A number for each pair {i, j}, i <= j, that is connected; every one must be connected both ways.
double connected_pairs(const Adjacency& rows) {
  const auto n = static_cast<std::uint32_t>(rows.sources());
  const std::vector<double> count = pair_counts(rows, n);
  double pairs = 0;
  for (std::uint32_t i = 0; i < n; ++i) {
    EXPECT_TRUE(std::is_sorted(rows.row(i).begin(), rows.row(i).end())) << i;
    for (std::uint32_t j = i; j < n; ++j) {
      EXPECT_EQ(count[i * n + j], count[j * n + i]) << i << " " << j;
      EXPECT_LE(count[i * n + j], 1);
      pairs += count[i * n + j];
    }
  }
  return pairs;
}

TEST(Wiring, SymmetricPairsAreConnectedBothWaysOrNot) {
  WiringContext c = context(300, 300);
  c.symmetric = true;
  EXPECT_NEAR(connected_pairs(pairwise_bernoulli(c, 0.1, {})), 4515, 4 * std::sqrt(45150 * 0.09));
  EXPECT_EQ(connected_pairs(pairwise_bernoulli(c, 1, {})), 45150);
  c.autapses = false;
  EXPECT_EQ(connected_pairs(pairwise_bernoulli(c, 1, {})), 44850);
  std::vector<Position> sites;
  for (std::uint64_t s = 0; s < 300; ++s) sites.push_back(lattice_site(s, 300, 1));
  // Neighbours at 1, 2 and 3 of 300 places, with probabilities 0.75, 0.5 and 0.25.
  const double made = connected_pairs(distance_dependent(c, {1, 4, KernelShape::kLinear}, {}, sites, sites));
  EXPECT_NEAR(made, 0.75 * 299 + 0.5 * 298 + 0.25 * 297,
              4 * std::sqrt(0.1875 * 299 + 0.25 * 298 + 0.1875 * 297));
}

TEST(Wiring, DistanceRuleLeavesOutAutapsesOnRequest) {
  std::vector<Position> sites;
  for (std::uint64_t s = 0; s < 64; ++s) sites.push_back(lattice_site(s, 4, 4));
  WiringContext c = context(64, 64);
  const Adjacency with = distance_dependent(c, {0.6, 3}, {}, sites, sites);
  c.autapses = false;
  const Adjacency without = distance_dependent(c, {0.6, 3}, {}, sites, sites);
  std::size_t autapses = 0;
  for (std::uint32_t i = 0; i < 64; ++i) {
    std::vector<std::uint32_t> others(with.row(i).begin(), with.row(i).end());
    autapses += std::erase(others, i);
    EXPECT_TRUE(std::equal(without.row(i).begin(), without.row(i).end(), others.begin(), others.end())) << i;
  }
  EXPECT_NEAR(static_cast<double>(autapses), 64 * 0.6, 4 * std::sqrt(64 * 0.6 * 0.4));
}

TEST(Connectivity, KeepsRowsSegmentsAndParallelEdges) {
  // Row 0: delay 1 -> targets 2, 2; a delay of many epochs -> target 0. Row 1: empty. Row 2: delay 1 ->
  // target 1.
  const Adjacency rows{{0, 3, 3, 4}, {2, 2, 0, 1}};
  const Duration one = Duration::nearest(1);
  const std::vector<Duration> delay{one, one, Duration::nearest(2e6 + 0.1), one};
  const Connectivity graph(rows, delay, 3);
  EXPECT_EQ(graph.synapse_count(), 4u);
  EXPECT_EQ(graph.first_segment(NeuronId{1}), graph.last_segment(NeuronId{1}));
  EXPECT_EQ(graph.last_segment(NeuronId{0}), SegmentId{2});
  EXPECT_EQ(graph.delay(SegmentId{1}), delay[2]);
  EXPECT_EQ(graph.source(SegmentId{2}), NeuronId{2});
  std::vector<std::uint32_t> targets;
  for (const SynapseId s : graph.synapses(SegmentId{0})) targets.push_back(index(graph.target(s)));
  EXPECT_EQ(targets, (std::vector<std::uint32_t>{2, 2}));
}

/// The rows of parts, with the numbers that targets have in the whole, one part after the other.
Adjacency joined(const std::vector<Adjacency>& parts, const std::vector<NeuronRange>& ranges,
                 std::size_t sources) {
  Adjacency rows;
  for (std::size_t i = 0; i < sources; ++i) {
    for (std::size_t p = 0; p < parts.size(); ++p)
      for (const std::uint32_t j : parts[p].row(i)) {
        EXPECT_LT(j, ranges[p].size());
        rows.target.push_back(ranges[p].first + j);
      }
    rows.end_row();
  }
  return rows;
}

template <class Rule>
void expect_parts_are_the_whole(WiringContext c, Rule rule) {
  const Adjacency whole = rule(c);
  EXPECT_FALSE(whole.target.empty());
  const std::vector<NeuronRange> ranges{{0, 5}, {5, 5}, {5, 6}, {6, c.targets}};
  std::vector<Adjacency> parts;
  for (const NeuronRange& range : ranges) {
    c.part = range;
    parts.push_back(rule(c));
  }
  const Adjacency rows = joined(parts, ranges, c.sources);
  EXPECT_EQ(rows.row_begin, whole.row_begin);
  EXPECT_EQ(rows.target, whole.target);
}

TEST(Wiring, PartsOfTheTargetsAreTheWholeOneAfterTheOther) {
  for (const bool autapses : {true, false})
    for (const std::uint32_t targets : {12U, 9U}) {
      WiringContext c = context(12, targets);
      c.autapses = autapses;
      expect_parts_are_the_whole(c, [](const WiringContext& x) { return all_to_all(x); });
      expect_parts_are_the_whole(c, [](const WiringContext& x) { return pairwise_bernoulli(x, 0.4, {}); });
      expect_parts_are_the_whole(c, [](const WiringContext& x) { return pairwise_bernoulli(x, 0.4, 0.6); });
      expect_parts_are_the_whole(c, [](const WiringContext& x) { return fixed_indegree(x, 5); });
      expect_parts_are_the_whole(c, [](const WiringContext& x) { return fixed_outdegree(x, 5); });
      expect_parts_are_the_whole(c, [](const WiringContext& x) { return fixed_total(x, 40); });
      c.multapses = false;
      expect_parts_are_the_whole(c, [](const WiringContext& x) { return fixed_outdegree(x, 5); });
    }
  expect_parts_are_the_whole(context(12, 12), [](const WiringContext& x) { return one_to_one(x); });
}

TEST(Wiring, PartsOfASymmetricWholeHaveBothDirections) {
  WiringContext c = context(12, 12);
  c.symmetric = true;
  expect_parts_are_the_whole(c, [](const WiringContext& x) { return pairwise_bernoulli(x, 0.4, {}); });
}

}  // namespace
}  // namespace chronotope
