// SPDX-License-Identifier: Apache-2.0
#include "chronotope/events/rewards.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <tuple>
#include <vector>

#include "chronotope/core/decimal.hpp"
#include "chronotope/core/random_stream.hpp"

namespace chronotope::events {
namespace {

/// A reward as it was told.
struct Told {
  std::uint32_t reward;
  double ms;
  double amount;

  friend bool operator==(const Told&, const Told&) = default;
};

std::vector<Told> take(Rewards& rewards, double end) {
  std::vector<Told> told;
  rewards.take_until(stated_time(end), [&](std::uint32_t reward, const RewardEvent& event) {
    told.push_back({reward, event.time.to_ms(), event.amount});
  });
  return told;
}

RewardSpec given(const std::vector<std::pair<double, double>>& events) {
  RewardSpec spec;
  for (const auto& [ms, amount] : events) spec.events.push_back({stated_time(ms), amount});
  return spec;
}
RewardSpec released_by(std::uint32_t population, double amount, double delay) {
  RewardSpec spec;
  spec.population = population;
  spec.amount = amount;
  spec.delay = stated_duration(delay);
  return spec;
}

TEST(Rewards, AreTakenOnceEachBeforeTheEnd) {
  Rewards rewards({given({{1, 0.5}, {3, -1}, {5, 2}})});
  EXPECT_EQ(take(rewards, 1), std::vector<Told>());
  EXPECT_EQ(take(rewards, 5), (std::vector<Told>{{0, 1, 0.5}, {0, 3, -1}}));
  EXPECT_EQ(take(rewards, 100), (std::vector<Told>{{0, 5, 2}}));
  EXPECT_EQ(take(rewards, 100), std::vector<Told>());
}

TEST(Rewards, SpikesReleaseThoseOfTheirPopulationAfterTheDelay) {
  Rewards rewards({given({{4, 9}}), released_by(2, 0.25, 1.5), released_by(0, 1, 3), released_by(2, -1, 2)});
  rewards.fired(2, stated_time(1));
  rewards.fired(0, stated_time(1.25));
  rewards.fired(1, stated_time(1.5));
  rewards.fired(2, stated_time(1.75));
  EXPECT_EQ(take(rewards, 10),
            (std::vector<Told>{
                {0, 4, 9}, {1, 2.5, 0.25}, {1, 3.25, 0.25}, {2, 4.25, 1}, {3, 3, -1}, {3, 3.75, -1}}));
}

/// Against a sorted list.
TEST(Rewards, ThoseThatAreAddedComeInOrderOfTime) {
  RandomStream random(6, Purpose("rewards"), 0);
  Rewards rewards({given({}), given({})});
  std::vector<Told> twin;
  for (int k = 0; k < 300; ++k) {
    const auto reward = static_cast<std::uint32_t>(random.below(2));
    const double ms = 1 + static_cast<double>(random.below(50));
    rewards.add(reward, {stated_time(ms), static_cast<double>(k)});
    twin.push_back({reward, ms, static_cast<double>(k)});
  }
  std::stable_sort(twin.begin(), twin.end(), [](const Told& a, const Told& b) {
    return std::tie(a.reward, a.ms) < std::tie(b.reward, b.ms);
  });
  const std::vector<Told> told = take(rewards, 1000);
  ASSERT_EQ(told.size(), twin.size());
  for (std::size_t k = 0; k < told.size(); ++k) {
    EXPECT_EQ(told[k].reward, twin[k].reward);
    EXPECT_EQ(told[k].ms, twin[k].ms);
  }
}

}  // namespace
}  // namespace chronotope::events
