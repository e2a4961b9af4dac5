// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/study/relabelling_test.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "chronotope/apps/study/log_ratio.hpp"
#include "chronotope/tests/apps/study/seed_tables.hpp"

namespace chronotope::apps {
namespace {

std::vector<std::vector<double>> ratios(const std::vector<SeedTable>& tables) {
  std::vector<std::vector<double>> all;
  for (const SeedTable& table : tables) all.push_back(log_ratios(table));
  return all;
}

/// The table with the names of network 0 and `hom` exchanged.
SeedTable exchanged(const SeedTable& table, std::size_t hom) {
  const auto old = [&](std::size_t i) { return i == 0 ? hom : i == hom ? 0 : i; };
  SeedTable other(table.seed(), network_names(table.networks()));
  for (std::size_t i = 0; i < table.networks(); ++i)
    for (std::size_t j = i + 1; j < table.networks(); ++j) other.set(i, j, table.pair(old(i), old(j)));
  return other;
}

/// 2 D of hom among three networks whose RTD are powers of 2, in whole numbers: no rounding, so ties are
/// ties.
int doubled_exponent(const SeedTable& t) {
  return std::ilogb(t.pair(0, 1).rtd) + std::ilogb(t.pair(0, 2).rtd) - 2 * std::ilogb(t.pair(1, 2).rtd);
}

/// p by exchanging the names in every seed's table in all ways.
double p_by_exchanging(const std::vector<SeedTable>& tables) {
  int given = 0;
  for (const SeedTable& table : tables) given += doubled_exponent(table);
  int reaching = 0;
  int all = 0;
  const auto count = static_cast<int>(std::pow(3, tables.size()));
  for (int labelling = 0; labelling < count; ++labelling, ++all) {
    int sum = 0;
    int rest = labelling;
    for (const SeedTable& table : tables) {
      sum += doubled_exponent(exchanged(table, static_cast<std::size_t>(rest % 3)));
      rest /= 3;
    }
    reaching += sum >= given ? 1 : 0;
  }
  return static_cast<double>(reaching) / all;
}

TEST(RelabellingTest, OfOneSeedIsTheRankOfItsRatio) {
  const std::vector<std::vector<double>> first = {{3, 1, 2}};
  const std::vector<std::vector<double>> second = {{2, 1, 3}};
  const std::vector<std::vector<double>> last = {{1, 2, 3}};
  EXPECT_DOUBLE_EQ(relabelling_test(first, 1).p, 1 / 3.);
  EXPECT_DOUBLE_EQ(relabelling_test(second, 1).p, 2 / 3.);
  EXPECT_DOUBLE_EQ(relabelling_test(last, 1).p, 1);
  EXPECT_DOUBLE_EQ(relabelling_test(first, 1).smallest_p, 1 / 3.);
}

TEST(RelabellingTest, OfEqualNetworksIsCertainlyNothing) {
  const std::vector<std::vector<double>> equal(8, std::vector<double>(3, 0.0));
  EXPECT_EQ(relabelling_test(equal, 1).p, 1);
  const std::vector<std::vector<double>> sole(8, std::vector<double>(1, 5.0));
  EXPECT_EQ(relabelling_test(sole, 1).p, 1);
}

TEST(RelabellingTest, LooksAtAllOfSixThousandRelabellings) {
  const std::vector<std::vector<double>> clear(8, {2, -1, -1});
  const RelabellingTest test = relabelling_test(clear, 1);
  EXPECT_TRUE(test.exact);
  EXPECT_EQ(test.relabellings, 6561U);
  EXPECT_DOUBLE_EQ(test.p, 1 / 6561.);
  EXPECT_DOUBLE_EQ(test.mean, 2);
}

TEST(RelabellingTest, IsThatOfExchangedNamesTiesIncluded) {
  std::mt19937 bits(3);
  for (int study = 0; study < 200; ++study) {
    std::vector<SeedTable> tables;
    for (std::uint64_t s = 0; s < 5; ++s) {
      SeedTable table(s, network_names(3));
      for (const auto& [i, j] : {std::pair{0, 1}, {0, 2}, {1, 2}})
        table.set(i, j, {std::ldexp(1.0, static_cast<int>(bits() % 5)), {}});
      tables.push_back(table);
    }
    EXPECT_EQ(relabelling_test(ratios(tables), 1).p, p_by_exchanging(tables)) << study;
  }
}

TEST(RelabellingTest, DrawnRelabellingsComeNearAllOfThem) {
  const auto D = ratios(SyntheticStudy(5, Noise::kExponential).tables(12, 3, 0.4));  // 531,441
  double given = 0;
  for (const auto& seed : D) given += seed[0];
  std::array<std::uint64_t, 2> counts{};  // by sums over half the seeds: 729 x 729
  std::array<std::vector<double>, 2> halves{std::vector{0.0}, std::vector{0.0}};
  for (std::size_t s = 0; s < D.size(); ++s) {
    std::vector<double> longer;
    for (const double sum : halves[s % 2])
      for (const double d : D[s]) longer.push_back(sum + d);
    halves[s % 2] = longer;
  }
  for (const double a : halves[0])
    for (const double b : halves[1]) ++counts[a + b >= given - 1e-9 ? 1 : 0];
  const double p = static_cast<double>(counts[1]) / static_cast<double>(counts[0] + counts[1]);
  const RelabellingTest test = relabelling_test(D, 7);
  EXPECT_FALSE(test.exact);
  EXPECT_EQ(test.relabellings, 10'000U);
  EXPECT_NEAR(test.p, p, 4 * std::sqrt(p * (1 - p) / 10'000));
  EXPECT_EQ(test.p, relabelling_test(D, 7).p);
  EXPECT_NE(test.p, relabelling_test(D, 8).p);
  EXPECT_GE(relabelling_test(std::vector<std::vector<double>>(20, {2, -1, -1}), 1).p, 1e-4);
}

/// Share of studies with p <= 0.05.
double rejections(Noise noise, std::size_t seeds, std::size_t networks, double effect, int studies) {
  SyntheticStudy study(17, noise);
  int rejected = 0;
  for (int k = 0; k < studies; ++k)
    rejected += relabelling_test(ratios(study.tables(seeds, networks, effect)), 1).p <= 0.05 ? 1 : 0;
  return static_cast<double>(rejected) / studies;
}

class RelabellingTestOnSyntheticStudies : public testing::TestWithParam<Noise> {};

TEST_P(RelabellingTestOnSyntheticStudies, RejectsFivePercentWhenHomIsOneMoreDraw) {
  EXPECT_NEAR(rejections(GetParam(), 8, 3, 0, 20000), 0.05, 0.006);  // 4 standard deviations
  EXPECT_NEAR(rejections(GetParam(), 7, 4, 0, 5000), 0.05, 0.01);
}

/// D has the variance 1/K + 2/(K (K - 1)), 1.5 for two draws.
TEST_P(RelabellingTestOnSyntheticStudies, FindsAnEffectOfOneAndAHalfDeviationsOnEightSeeds) {
  EXPECT_GE(rejections(GetParam(), 8, 3, 1.5 * std::sqrt(1.5), 2000), 0.9);
}

INSTANTIATE_TEST_SUITE_P(OfSkewness0And2And4, RelabellingTestOnSyntheticStudies,
                         testing::Values(Noise::kNormal, Noise::kExponential, Noise::kLogNormal));

}  // namespace
}  // namespace chronotope::apps
