// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/study/cross_seed_test.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace chronotope::apps {
namespace {

using enum CrossSeedScores::Condition;

template <class Score>
CrossSeedScores scores(std::size_t seeds, Score score) {
  CrossSeedScores table(seeds);
  for (std::size_t s = 0; s < seeds; ++s)
    for (std::size_t t = 0; t < s; ++t)
      for (const auto a : {kA, kB})
        for (const auto b : {kA, kB}) table.set(a, s, b, t, score(a, s, b, t));
  return table;
}

/// T by its definition: two means over pairs of one condition, one over pairs of both.
double defined_T(const CrossSeedScores& table, unsigned swapped) {
  const auto label = [&](auto c, std::size_t s) { return (swapped >> s & 1) == 0 ? c : c == kA ? kB : kA; };
  double between = 0;
  double within = 0;
  const std::size_t S = table.seeds();
  for (std::size_t s = 0; s < S; ++s)
    for (std::size_t t = 0; t < S; ++t) {
      if (s == t) continue;
      between += table.score(label(kA, s), s, label(kB, t), t);
      if (s < t)
        for (const auto c : {kA, kB}) within += table.score(label(c, s), s, label(c, t), t);
    }
  const auto pairs = static_cast<double>(S * (S - 1));
  return between / pairs - within / (pairs / 2) / 2;
}

TEST(CrossSeedTest, IsItsDefinitionOverAllSwaps) {
  std::mt19937 bits(1);
  for (std::size_t S = 2; S <= 6; ++S) {
    const auto table = scores(S, [&](auto...) { return static_cast<double>(bits() % 8); });
    const CrossSeedTest test = cross_seed_test(table, 1);
    EXPECT_NEAR(test.T, defined_T(table, 0), 1e-14);
    int reaching = 0;
    for (unsigned swapped = 0; swapped < 1U << S; ++swapped)
      reaching += defined_T(table, swapped) >= defined_T(table, 0) - 1e-12 ? 1 : 0;
    EXPECT_DOUBLE_EQ(test.p, reaching / std::exp2(S));
    EXPECT_DOUBLE_EQ(test.smallest_p, std::exp2(1 - static_cast<double>(S)));
  }
}

TEST(CrossSeedTest, FindsConditionsFarApart) {
  const auto table = scores(8, [](auto a, std::size_t, auto b, std::size_t) { return a == b ? 1.0 : 2.0; });
  EXPECT_DOUBLE_EQ(cross_seed_test(table, 1).T, 1);
  EXPECT_DOUBLE_EQ(cross_seed_test(table, 1).p, 1 / 128.);
}

/// Networks lie on a line at places of their wiring and, much nearer to it, of their own: without an effect 5
/// % are rejected, with one nearly all. (p comes in steps of 1/128: 6/128 = 0.047 is reached.)
TEST(CrossSeedTest, KeepsItsLevelWhenWiringsMatterMore) {
  const auto rejections = [](double effect) {
    std::mt19937 bits(9);
    std::normal_distribution<double> normal;
    int rejected = 0;
    for (int study = 0; study < 2000; ++study) {
      std::vector<double> wiring(8);
      for (double& x : wiring) x = 3 + normal(bits);
      const auto table = scores(8, [&](auto a, std::size_t s, auto b, std::size_t t) {
        return wiring[s] + wiring[t] + 0.5 * normal(bits) + (a == b ? 0 : effect);
      });
      rejected += cross_seed_test(table, 1).p <= 0.05 ? 1 : 0;
    }
    return rejected / 2000.;
  };
  EXPECT_NEAR(rejections(0), 6 / 128., 0.015);
  EXPECT_GE(rejections(0.5), 0.9);
}

TEST(CrossSeedTest, DrawsSwapsForManySeeds) {
  const auto table = scores(20, [](auto a, std::size_t, auto b, std::size_t) { return a == b ? 1.0 : 2.0; });
  const CrossSeedTest test = cross_seed_test(table, 1);
  EXPECT_FALSE(test.exact);
  EXPECT_GE(test.p, 1e-4);
  EXPECT_LE(test.p, 1e-3);
}

}  // namespace
}  // namespace chronotope::apps
