// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/ranks/rank_watch.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "chronotope/tests/suites/ranks_in_threads.hpp"

namespace chronotope::apps {
namespace {

/// What two ranks hear that have met so often and used so much CPU time each.
std::vector<std::optional<std::string>> complaints(int meetings, double cpu_seconds) {
  std::vector<std::optional<std::string>> heard(2);
  tests::on_ranks(2, [&](Exchange& exchange) {
    const RankWatch watch(exchange);
    for (int k = 0; k < meetings; ++k) exchange.all("");
    heard[exchange.rank()] = watch.complaint(cpu_seconds);
  });
  return heard;
}

TEST(RankWatch, ComplainsAtTheRootOfMeetingsWithoutWork) {
  const auto heard = complaints(100, 0);
  ASSERT_TRUE(heard[0]);
  EXPECT_EQ(heard[0]->find("2 ranks do not pay: between two of 100 meetings all neurons together took 0 us"),
            0u)
      << *heard[0];
  EXPECT_FALSE(heard[1]);
}

TEST(RankWatch, IsSilentWhereThereIsWork) { EXPECT_FALSE(complaints(100, 1e6)[0]); }

TEST(RankWatch, DoesNotJudgeAFewMeetings) { EXPECT_FALSE(complaints(99, 0)[0]); }

}  // namespace
}  // namespace chronotope::apps
