// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/distances/spike_trains/victor_purpura.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "chronotope/tests/reference/spike_train_definitions.hpp"
#include "chronotope/tests/topology/distances/spike_trains/random_trains.hpp"

namespace chronotope::topology {
namespace {

using Train = std::vector<double>;

TEST(VictorPurpura, OfOneSpikeAgainstNoneIsOne) {
  EXPECT_EQ(victor_purpura_distance(Train{7}, {}, 0.1), 1);
  EXPECT_EQ(victor_purpura_distance({}, Train{7}, 0.1), 1);
  EXPECT_EQ(victor_purpura_distance({}, {}, 0.1), 0);
}

TEST(VictorPurpura, OfTwoSpikesApartIsTheMoveOrTwo) {
  EXPECT_EQ(victor_purpura_distance(Train{4}, Train{12}, 0.125), 1);
  EXPECT_EQ(victor_purpura_distance(Train{4}, Train{36}, 0.125), 2);
}

TEST(VictorPurpura, IsTheLeastCostOverAllMatchings) {
  RandomTrains random(3);
  for (int round = 0; round < 200; ++round)
    for (const double q : {0.01, 0.1, 1.0}) {
      const Train a = random.train(6, round % 2 == 0);
      const Train b = random.train(6, round % 2 == 0);
      EXPECT_NEAR(victor_purpura_distance(a, b, q), reference::victor_purpura(a, b, q), 1e-12);
    }
}

TEST(VictorPurpura, CountsSpikesAtNoCostAndCoincidencesAtAnyCost) {
  RandomTrains random(4);
  for (int round = 0; round < 100; ++round) {
    const Train a = random.train(40, true);
    const Train b = random.train(40, true);
    Train shared;
    std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(shared));
    EXPECT_EQ(victor_purpura_distance(a, b, 0),
              std::abs(static_cast<double>(a.size()) - static_cast<double>(b.size())));
    EXPECT_EQ(victor_purpura_distance(a, b, 1000), static_cast<double>(a.size()) +
                                                       static_cast<double>(b.size()) -
                                                       2 * static_cast<double>(shared.size()));
  }
}

TEST(VictorPurpura, IsAMetricWithTheSameBitsInEitherOrder) {
  RandomTrains random(5);
  for (int round = 0; round < 300; ++round) {
    const Train a = random.train(8, round % 2 == 0);
    const Train b = random.train(8, round % 2 == 0);
    const Train c = random.train(8, round % 2 == 0);
    EXPECT_EQ(victor_purpura_distance(a, a, 0.1), 0);
    EXPECT_EQ(victor_purpura_distance(a, b, 0.1), victor_purpura_distance(b, a, 0.1));
    EXPECT_GE(victor_purpura_distance(a, b, 0.1) + victor_purpura_distance(b, c, 0.1),
              victor_purpura_distance(a, c, 0.1) - 1e-12);
  }
}

}  // namespace
}  // namespace chronotope::topology
