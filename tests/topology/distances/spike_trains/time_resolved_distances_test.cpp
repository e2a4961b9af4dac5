// SPDX-License-Identifier: Apache-2.0
// ISI and SPIKE distance: hand calculations, the definitions instant by instant, and another program.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "chronotope/tests/reference/spike_train_definitions.hpp"
#include "chronotope/tests/topology/distances/spike_trains/random_trains.hpp"
#include "chronotope/topology/distances/spike_trains/isi_distance.hpp"
#include "chronotope/topology/distances/spike_trains/spike_distance.hpp"

namespace chronotope::topology {
namespace {

using Train = std::vector<double>;

TEST(IsiDistance, OfRegularTrainsIsOneLessTheRatioOfTheirIntervals) {
  EXPECT_NEAR(isi_distance(Train{0, 2, 4, 6, 8, 10}, Train{0, 5, 10}, {0, 10}), 1 - 2.0 / 5, 1e-15);
}

TEST(IsiDistance, OfOneSpikeAgainstNoneIsTheHandCalculation) {
  // Intervals 4 and 6 against 10: (4 * 6/10 + 6 * 4/10) / 10.
  EXPECT_NEAR(isi_distance(Train{4}, {}, {0, 10}), 0.48, 1e-15);
}

TEST(SpikeDistance, OfTwoSpikesApartIsTheHandCalculation) {
  // Both gaps are 2 throughout, intervals 4, 4 and 6 (a) against 6, 6 and 4 (b):
  // S = 2 (2 x_b + 2 x_a) / (x_a + x_b)^2 = 4 / (x_a + x_b).
  const double expected = (4 * 4.0 / 10 + 2 * 4.0 / 12 + 4 * 4.0 / 10) / 10;
  EXPECT_NEAR(spike_distance(Train{4}, Train{6}, {0, 10}), expected, 1e-15);
}

TEST(TimeResolvedDistances, AreTheMeansOfTheirProfiles) {
  RandomTrains random(6);
  for (int round = 0; round < 1000; ++round) {
    const Train a = random.train(12, round % 2 == 0);
    const Train b = round % 5 == 0 ? random.jittered(a, 0.01) : random.train(12, round % 2 == 0);
    EXPECT_NEAR(isi_distance(a, b, {0, 100}), reference::isi(a, b, 0, 100), 1e-13);
    EXPECT_NEAR(spike_distance(a, b, {0, 100}), reference::spike(a, b, 0, 100), 1e-13);
  }
}

TEST(TimeResolvedDistances, LieBetweenZeroAndOneAndDoNotDependOnTheOrder) {
  RandomTrains random(7);
  for (int round = 0; round < 300; ++round) {
    const Train a = random.train(12, round % 2 == 0);
    const Train b = random.train(12, round % 2 == 0);
    for (const auto& distance : {isi_distance, spike_distance}) {
      EXPECT_EQ(distance(a, a, {0, 100}), 0);
      EXPECT_EQ(distance(a, b, {0, 100}), distance(b, a, {0, 100}));
      EXPECT_GE(distance(a, b, {0, 100}), 0);
      EXPECT_LE(distance(a, b, {0, 100}), 1);
    }
  }
}

TEST(TimeResolvedDistances, DoNotDependOnTheUnitOrTheOriginOfTime) {
  RandomTrains random(8);
  for (int round = 0; round < 100; ++round) {
    const Train a = random.train(12, true);
    const Train b = random.train(12, true);
    Train later_a, later_b;
    for (const double t : a) later_a.push_back(4 * t + 1024);
    for (const double t : b) later_b.push_back(4 * t + 1024);
    EXPECT_NEAR(isi_distance(later_a, later_b, {1024, 1424}), isi_distance(a, b, {0, 100}), 1e-14);
    EXPECT_NEAR(spike_distance(later_a, later_b, {1024, 1424}), spike_distance(a, b, {0, 100}), 1e-14);
  }
}

Train read_line(std::ifstream& file) {
  std::string line;
  std::getline(file, line);
  Train values;
  for (const char* at = line.c_str(); *at != 0;) {
    char* end = nullptr;
    values.push_back(std::strtod(at, &end));
    at = *end == ',' ? end + 1 : end;
  }
  return values;
}

TEST(TimeResolvedDistances, AreThoseOfPySpike) {
  std::ifstream file(std::string(CHRONOTOPE_TEST_DATA) + "/spike_trains/pyspike.csv");
  int cases = 0;
  for (; file.peek() != std::ifstream::traits_type::eof(); ++cases) {
    const Train a = read_line(file);
    const Train b = read_line(file);
    const Train expected = read_line(file);
    ASSERT_EQ(expected.size(), 2u);
    EXPECT_NEAR(isi_distance(a, b, {0, 100}), expected[0], 1e-13) << "case " << cases;
    EXPECT_NEAR(spike_distance(a, b, {0, 100}), expected[1], 1e-13) << "case " << cases;
  }
  EXPECT_EQ(cases, 60);
}

}  // namespace
}  // namespace chronotope::topology
