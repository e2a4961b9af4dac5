// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/runs/rank_cost.hpp"

#include <gtest/gtest.h>

namespace chronotope::apps {
namespace {

TEST(RankCost, OneRankHasItsWorkAlone) {
  EXPECT_EQ(rank_cost({3, 1e6, 0.1}, {2, 10}, 1).seconds(), 3);
  EXPECT_FALSE(is_too_short({1e-9, 1e6, 0.1}, {2, 10}, 1));
}

/// By hand: 8 s on 4 ranks are 2 s; 1000 meetings of two messages of 5 us 10 ms; 24 bytes of 1e6 spikes at 1 GB/s 24 ms.
TEST(RankCost, IsTheSumOfItsTerms) {
  const RankCost cost = rank_cost({8, 1e6, 1}, {5, 1}, 4);
  EXPECT_DOUBLE_EQ(cost.work_seconds, 2);
  EXPECT_DOUBLE_EQ(cost.meetings_seconds, 0.01);
  EXPECT_DOUBLE_EQ(cost.bytes_seconds, 0.024);
  EXPECT_DOUBLE_EQ(cost.seconds(), 2 + cost.spikes_seconds + 0.01 + 0.024 + cost.turns_seconds);
  EXPECT_GT(cost.spikes_seconds, 0);
  EXPECT_DOUBLE_EQ(cost.turns_seconds / rank_cost({8, 1e6, 10}, {5, 1}, 4).turns_seconds,
                   10);  // fewer meetings
}

TEST(RankCost, MessagesOfAMeetingAreTheBinaryLogarithmRoundedUp) {
  const auto meetings = [](unsigned ranks) { return rank_cost({1, 0, 1}, {1, 1}, ranks).meetings_seconds; };
  EXPECT_DOUBLE_EQ(meetings(2), 1e-3);
  EXPECT_DOUBLE_EQ(meetings(3), 2e-3);
  EXPECT_DOUBLE_EQ(meetings(4), 2e-3);
  EXPECT_DOUBLE_EQ(meetings(5), 3e-3);
  EXPECT_DOUBLE_EQ(meetings(4096), 12e-3);
}

/// A meeting of 2 us every ms: 2 ms in a second, ten of which are 20 ms of work.
TEST(RankCost, TenMeetingsAreTooMuch) {
  EXPECT_TRUE(is_too_short({0.0199, 0, 1}, {2, 1}, 2));
  EXPECT_FALSE(is_too_short({0.0201, 0, 1}, {2, 1}, 2));
}

}  // namespace
}  // namespace chronotope::apps
