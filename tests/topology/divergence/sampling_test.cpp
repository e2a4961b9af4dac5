// SPDX-License-Identifier: Apache-2.0
// The numbers are numpy.random's for seed 7.
#include "chronotope/topology/divergence/sampling.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace chronotope::topology {
namespace {

TEST(NumpyRandom, DrawsNumPysUniforms) {
  NumpyRandom random(7);
  EXPECT_EQ(random.uniform(), 0.07630828937395717);
  EXPECT_EQ(random.uniform(), 0.7799187922401146);
  EXPECT_EQ(random.uniform(), 0.4384092314408935);
  for (int skipped = 3; skipped < 999; ++skipped) random.uniform();
  EXPECT_EQ(random.uniform(), 0.016448753231374513);
  EXPECT_EQ(random.uniform(), 0.08378587007198324);
  for (int skipped = 1001; skipped < 1999; ++skipped) random.uniform();
  EXPECT_EQ(random.uniform(), 0.6485816947897555);
}

TEST(NumpyRandom, ShufflesLikeNumPyLaterInTheSameStream) {
  NumpyRandom random(7);
  for (int drawn = 0; drawn < 4000; ++drawn) random.uniform();
  std::vector<std::size_t> order = random.permutation(1000);
  EXPECT_EQ(std::vector(order.begin(), order.begin() + 8),
            (std::vector<std::size_t>{484, 67, 873, 53, 947, 424, 499, 152}));
  std::sort(order.begin(), order.end());
  for (std::size_t i = 0; i < order.size(); ++i) ASSERT_EQ(order[i], i);
}

TEST(NumpyRandom, PermutesNoneAndOneWithoutADraw) {
  NumpyRandom random(7);
  EXPECT_TRUE(random.permutation(0).empty());
  EXPECT_EQ(random.permutation(1), std::vector<std::size_t>{0});
  EXPECT_EQ(random.uniform(), 0.07630828937395717);
}

TEST(Batches, AreTheHeadsOfSuccessivePermutations) {
  NumpyRandom drawn(3);
  NumpyRandom expected(3);
  for (const auto& batch : draw_batches(10, 4, 3, drawn)) {
    auto order = expected.permutation(10);
    order.resize(4);
    EXPECT_EQ(batch, order);
  }
}

TEST(Batches, ThatTakeEveryObjectAreOne) {
  NumpyRandom random(7);
  for (const std::size_t batch : {3u, 4u})
    EXPECT_EQ(draw_batches(3, batch, 10, random), (std::vector<std::vector<std::size_t>>{{0, 1, 2}}));
  EXPECT_EQ(random.uniform(), 0.07630828937395717);
}

}  // namespace
}  // namespace chronotope::topology
