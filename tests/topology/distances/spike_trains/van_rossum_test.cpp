// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/distances/spike_trains/van_rossum.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "chronotope/tests/reference/spike_train_definitions.hpp"
#include "chronotope/tests/topology/distances/spike_trains/random_trains.hpp"

namespace chronotope::topology {
namespace {

using Train = std::vector<double>;

TEST(VanRossum, OfOneSpikeAgainstNoneIsTheRootOfAHalf) {
  EXPECT_EQ(van_rossum_distance(Train{7}, {}, 10), std::sqrt(0.5));
  EXPECT_EQ(van_rossum_distance({}, Train{7}, 10), std::sqrt(0.5));
  EXPECT_EQ(van_rossum_distance({}, {}, 10), 0);
}

TEST(VanRossum, OfTwoSpikesApartIsTheClosedForm) {
  for (const double apart : {1e-9, 0.3, 5.0, 80.0, 1e6})
    EXPECT_NEAR(squared_van_rossum_distance(Train{4}, Train{4 + apart}, 10),
                -std::expm1(-(4 + apart - 4) / 10), 1e-15 * -std::expm1(-apart / 10) * 4);
}

TEST(VanRossum, IsTheSumOverAllPairsInFiftyDigits) {
  RandomTrains random(1);
  for (int round = 0; round < 90; ++round)
    for (const double tau : {0.5, 10.0, 1000.0}) {
      const Train a = random.train(20, round % 2 == 0);
      const Train b = round % 3 == 0 ? random.jittered(a, 1e-6) : random.train(20, round % 2 == 0);
      const auto expected = static_cast<double>(reference::squared_van_rossum(a, b, tau));
      EXPECT_NEAR(squared_van_rossum_distance(a, b, tau), expected, 1e-12 * expected);
    }
}

TEST(VanRossum, IsAMetricWithTheSameBitsInEitherOrder) {
  RandomTrains random(2);
  for (int round = 0; round < 300; ++round) {
    const Train a = random.train(8, round % 2 == 0);
    const Train b = random.train(8, round % 2 == 0);
    const Train c = random.train(8, round % 2 == 0);
    EXPECT_EQ(van_rossum_distance(a, a, 10), 0);
    EXPECT_EQ(van_rossum_distance(a, b, 10), van_rossum_distance(b, a, 10));
    EXPECT_GE(van_rossum_distance(a, b, 10) + van_rossum_distance(b, c, 10),
              van_rossum_distance(a, c, 10) - 1e-12);
  }
}

}  // namespace
}  // namespace chronotope::topology
