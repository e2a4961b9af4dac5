// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/study/deciding_seeds.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "chronotope/apps/study/mean_interval.hpp"

namespace chronotope::apps {
namespace {

const topology::Interval kMargin = {std::log(0.9), std::log(1.11)};

std::size_t seeds(double mean, double sd, double level) {
  return deciding_seeds(mean, sd, {0.9, level, 0.95, kMargin, 7}).value();
}

/// scipy 1.10: the first S >= 7 with stats.nct.sf(stats.t.ppf(1 - level, S - 1), S - 1, mean sqrt(S) / sd) >=
/// 0.9; 36 is G*Power's, too.
TEST(DecidingSeeds, OfAnEffectAreThoseOfStudentsTest) {
  EXPECT_EQ(seeds(0.5, 1, 0.05), 36U);
  EXPECT_EQ(seeds(0.5, 1, 0.01), 55U);
  EXPECT_EQ(seeds(0.3, 1, 0.05), 97U);
  EXPECT_EQ(seeds(1.5, 1, 0.05), 7U);
  EXPECT_EQ(seeds(0.2, 0.3, 0.01), 33U);
}

/// scipy 1.10, likewise by the two noncentral t distributions of the bound.
TEST(DecidingSeeds, OfNoEffectAreThoseThatPutTheIntervalInsideTheMargin) {
  EXPECT_EQ(seeds(0, 0.1, 0.01), 14U);
  EXPECT_EQ(seeds(-0.02, 0.1, 0.01), 17U);
  EXPECT_EQ(seeds(0, 0.2, 0.01), 50U);
  EXPECT_EQ(seeds(-0.05, 0.3, 0.01), 311U);
}

TEST(DecidingSeeds, PutTheIntervalInsideTheMarginNineTimesInTen) {
  std::mt19937 bits(4);
  std::normal_distribution<double> normal(-0.02, 0.1);
  constexpr int kStudies = 10'000;
  int inside = 0;
  const std::size_t count = seeds(-0.02, 0.1, 0.01);
  for (int k = 0; k < kStudies; ++k) {
    std::vector<double> D(count);
    for (double& d : D) d = normal(bits);
    const topology::Interval interval = *mean_interval(D).interval;
    inside += interval.low > kMargin.low && interval.high < kMargin.high ? 1 : 0;
  }
  EXPECT_GE(inside, 0.9 * kStudies - 4 * std::sqrt(0.09 * kStudies));
  EXPECT_LE(inside, 0.92 * kStudies);  // one seed fewer: 0.887
}

TEST(DecidingSeeds, AreNoneWhereNoNumberDecides) {
  const PowerDemand demand{0.9, 0.05, 0.95, kMargin, 7};
  EXPECT_FALSE(deciding_seeds(-0.5, 0.1, demand));
  EXPECT_FALSE(deciding_seeds(-0.5, 0, demand));
  EXPECT_FALSE(deciding_seeds(std::log(0.9), 0.1, demand));
}

TEST(DecidingSeeds, OfUnspreadRatiosAreTheFewestAllowed) {
  const PowerDemand demand{0.9, 0.05, 0.95, kMargin, 7};
  EXPECT_EQ(deciding_seeds(0.01, 0, demand), 7U);
  EXPECT_EQ(deciding_seeds(-0.01, 0, demand), 7U);
  EXPECT_EQ(deciding_seeds(5, 1e-9, demand), 7U);
}

}  // namespace
}  // namespace chronotope::apps
