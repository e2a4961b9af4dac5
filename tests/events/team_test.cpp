// SPDX-License-Identifier: Apache-2.0
#include "chronotope/events/team.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace chronotope::events {
namespace {

/// Against a plain loop: every member has done every round once, and sees what all did in the round before.
TEST(Team, DoesEveryRoundOncePerMember) {
  constexpr int kRounds = 300;
  for (const unsigned size : {1U, 2U, 3U, 7U}) {
    Team team(size);
    EXPECT_EQ(team.size(), size);
    std::vector<int> rounds(size, 0);
    std::vector<std::uint64_t> sums(size, 0);
    std::uint64_t expected = 0;
    for (int round = 0; round < kRounds; ++round) {
      const std::vector<int> before = rounds;
      team.run([&](unsigned member) {
        ++rounds[member];
        for (const int r : before) sums[member] += static_cast<std::uint64_t>(r);
      });
      ASSERT_EQ(rounds, std::vector<int>(size, round + 1));
      expected += std::uint64_t{size} * static_cast<std::uint64_t>(round);
    }
    EXPECT_EQ(sums, std::vector<std::uint64_t>(size, expected));
  }
}

TEST(Team, MembersAreThreadsAndTheCallerIsTheFirst) {
  Team team(4);
  std::vector<std::thread::id> ids(4);
  team.run([&](unsigned member) { ids[member] = std::this_thread::get_id(); });
  EXPECT_EQ(ids[0], std::this_thread::get_id());
  for (std::size_t a = 0; a < ids.size(); ++a)
    for (std::size_t b = 0; b < a; ++b) EXPECT_NE(ids[a], ids[b]);
}

TEST(Team, EndsWithoutARoundAndAfterAMove) {
  Team idle(3);
  Team moved(std::move(idle));
  std::atomic<unsigned> done = 0;
  moved.run([&](unsigned) { ++done; });
  EXPECT_EQ(done, 3U);
}

/// 0 if a team whose stacks, of 8 MB, do not fit the address space is refused.
int make_too_large_a_team() {
  const rlimit little{400'000'000, RLIM_INFINITY};
  ::setrlimit(RLIMIT_AS, &little);
  try {
    const Team team(200);
    return 1;
  } catch (const std::system_error&) {
    return 0;
  }
}

/// The threads that had begun end, instead of waiting for ever.
TEST(TeamDeathTest, ThrowsWhereThereAreNoMoreThreads) {
  EXPECT_EXIT(std::exit(make_too_large_a_team()), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace chronotope::events
