// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/distances/spike_trains/spike_matching.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "chronotope/core/decimal.hpp"
#include "chronotope/tests/topology/distances/spike_trains/random_trains.hpp"
#include "chronotope/topology/distances/spike_trains/victor_purpura.hpp"

namespace chronotope::topology {
namespace {

using Train = std::vector<double>;

SpikeMatching match(const Train& a, const Train& b, double window) {
  const auto times = [](const Train& train) {
    std::vector<Time> at;
    for (const double ms : train) at.push_back(stated_time(ms));
    return at;
  };
  return match_spikes(times(a), times(b), stated_duration(window));
}
using Pairs = std::vector<std::pair<std::size_t, std::size_t>>;

TEST(SpikeMatching, PairsWhatIsWithinTheWindow) {
  const SpikeMatching m = match(Train{10, 20, 30}, Train{10.5, 29}, 2);
  EXPECT_EQ(m.pairs, (Pairs{{0, 0}, {2, 1}}));
  EXPECT_EQ(m.only_a, std::vector<std::size_t>{1});
  EXPECT_TRUE(m.only_b.empty());
}

TEST(SpikeMatching, ExtraSpikeDoesNotShiftTheOthers) {
  // A greedy matching would pair 10 with 8.5, 13 with 10 and so on.
  const SpikeMatching m = match(Train{10, 13, 16}, Train{8.5, 10, 13, 16}, 5);
  EXPECT_EQ(m.pairs, (Pairs{{0, 1}, {1, 2}, {2, 3}}));
  EXPECT_EQ(m.only_b, std::vector<std::size_t>{0});
}

TEST(SpikeMatching, EmptyTrainsHaveNoPairs) {
  EXPECT_EQ(match(Train{1, 2}, {}, 5).only_a.size(), 2U);
  EXPECT_EQ(match({}, Train{1, 2, 3}, 5).only_b.size(), 3U);
  EXPECT_TRUE(match({}, {}, 5).pairs.empty());
}

TEST(SpikeMatching, SpikesAWindowApartAreNotWithinIt) {
  EXPECT_TRUE(match({0.3}, {0.2}, 0.1).pairs.empty());  // 0.3 - 0.2 is less than 0.1 in doubles
  EXPECT_TRUE(match({16384.3}, {16384.2}, 0.1).pairs.empty());
  EXPECT_EQ(match({0.3}, {0.2}, 0.11).pairs.size(), 1U);
}

/// A whole tick decides, on either side, for the first and the last spike of longer trains too.
TEST(SpikeMatching, ATickBelowTheWindowIsWithinIt) {
  for (const double base : {0.0, 50.0, 99999.0})
    for (const double sign : {-1.0, 1.0}) {
      const auto pairs = [&](double apart) {
        return match({base + 10, base + 30, base + 60}, {base + 10 + sign * apart, base + 60 - sign * apart},
                     5)
            .pairs;
      };
      EXPECT_EQ(pairs(5), Pairs()) << base << " " << sign;
      EXPECT_EQ(pairs(5 - 1e-9), (Pairs{{0, 0}, {2, 1}})) << base << " " << sign;
    }
}

TEST(SpikeMatching, CostsWhatTheVictorPurpuraDistanceIs) {
  RandomTrains random(5);
  for (int round = 0; round < 300; ++round)
    for (const double window : {0.5, 5.0, 40.0}) {
      const Train a = random.train(20, round % 2 == 0);
      const Train b = round % 3 == 0 ? random.jittered(a, 4) : random.train(20, round % 2 == 0);
      const SpikeMatching m = match(a, b, window);
      ASSERT_EQ(m.pairs.size() + m.only_a.size(), a.size());
      ASSERT_EQ(m.pairs.size() + m.only_b.size(), b.size());
      double cost = static_cast<double>(m.only_a.size() + m.only_b.size());
      for (std::size_t k = 0; k < m.pairs.size(); ++k) {
        const auto [i, j] = m.pairs[k];
        ASSERT_TRUE(k == 0 || (m.pairs[k - 1].first < i && m.pairs[k - 1].second < j));
        EXPECT_LE(std::abs(a[i] - b[j]), window + 1e-12);
        cost += 2 * std::abs(a[i] - b[j]) / window;
      }
      EXPECT_NEAR(cost, victor_purpura_distance(a, b, 2 / window),
                  1e-12 * static_cast<double>(a.size() + b.size() + 1));
    }
}

}  // namespace
}  // namespace chronotope::topology
