// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/divergence/distinctness.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace chronotope::topology {
namespace {

/// Models on a line at these places, as far apart as they lie.
std::vector<double> on_a_line(const std::vector<double>& places) {
  std::vector<double> table;
  for (const double x : places)
    for (const double y : places) table.push_back(std::abs(x - y));
  return table;
}

TEST(Distinctness, OfTwoFarGroupsIsTheirGapAndTheSmallestPThereIs) {
  const Distinctness d = distinctness(on_a_line({0, 1, 10, 11}), 2, 0.95, 200, 1);
  EXPECT_DOUBLE_EQ(d.statistic, 10 - (1. + 1.) / 2);
  EXPECT_DOUBLE_EQ(d.p, 2 / 6.);  // the labelling and its mirror image
  EXPECT_DOUBLE_EQ(d.smallest_p, 2 / 6.);
  EXPECT_GT(d.interval.low, 0);
  const std::vector<double> five = {0, 1, 2, 3, 4, 20, 21, 22, 23, 24};
  EXPECT_DOUBLE_EQ(distinctness(on_a_line(five), 5, 0.95, 200, 1).p, 2 / 252.);
}

TEST(Distinctness, OfMixedGroupsIsNothing) {
  const Distinctness d = distinctness(on_a_line({0, 3, 1, 2}), 2, 0.95, 200, 1);
  EXPECT_LT(d.statistic, 0);
  EXPECT_GT(d.p, 0.5);
}

TEST(Distinctness, ManyModelsAreRelabelledAtRandomAndTheSeedRepeatsThem) {
  std::vector<double> places;
  for (int k = 0; k < 7; ++k) places.push_back(k);
  for (int k = 0; k < 7; ++k) places.push_back(100 + k);
  const auto table = on_a_line(places);
  const Distinctness d = distinctness(table, 7, 0.95, 100, 3);
  EXPECT_GE(d.p, 1e-4);
  EXPECT_LE(d.p, 3e-3);
  EXPECT_EQ(d.p, distinctness(table, 7, 0.95, 100, 3).p);
}

/// With no difference between the groups p is (nearly) uniform: at most alpha below alpha.
TEST(Distinctness, IsRarelySignificantWithoutADifference) {
  NumpyRandom random(5);
  int below = 0;
  constexpr int kDraws = 400;
  for (int k = 0; k < kDraws; ++k) {
    std::vector<double> places;
    for (int m = 0; m < 8; ++m) places.push_back(random.uniform());
    below += distinctness(on_a_line(places), 4, 0.95, 10, 1).p <= 0.1;
  }
  EXPECT_LE(below, 60);  // 40 expected, sd 6
  EXPECT_GE(below, 20);
}

}  // namespace
}  // namespace chronotope::topology
