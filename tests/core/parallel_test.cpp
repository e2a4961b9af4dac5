// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/parallel.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

namespace chronotope::tests {
namespace {

TEST(Parallel, DoesEverythingOnceOnAnyNumberOfThreads) {
  for (const std::size_t count : {0, 1, 7, 100})
    for (const std::size_t threads : {0, 1, 2, 200}) {
      std::vector<std::atomic<int>> done(count);
      in_parallel(count, threads, [&](std::size_t i) { ++done[i]; });
      for (const auto& times : done) EXPECT_EQ(times, 1) << count << " on " << threads;
    }
}

TEST(Parallel, ThrowsTheFailureOfTheLowestNumber) {
  for (const std::size_t threads : {1, 2, 4})
    for (int round = 0; round < 50; ++round) {
      try {
        in_parallel(40, threads, [](std::size_t i) {
          if (i >= 5) throw std::runtime_error(std::to_string(i));
        });
        ADD_FAILURE();
      } catch (const std::runtime_error& error) {
        EXPECT_STREQ(error.what(), "5") << threads;
      }
    }
}

TEST(Parallel, BeginsNothingAfterAFailure) {
  std::size_t begun = 0;
  EXPECT_THROW(in_parallel(40, 1,
                           [&](std::size_t i) {
                             ++begun;
                             if (i == 5) throw std::runtime_error("");
                           }),
               std::runtime_error);
  EXPECT_EQ(begun, 6U);
}

/// 0 if eight threads without address space for another stack do all there is to do.
int work_without_threads() {
  const rlimit none{0, RLIM_INFINITY};
  ::setrlimit(RLIMIT_AS, &none);
  std::atomic<int> done = 0;
  in_parallel(40, 8, [&](std::size_t) { ++done; });
  return done == 40 ? 0 : 1;
}

TEST(ParallelDeathTest, FewerThreadsDoTheWorkWhereThereAreNoMore) {
  EXPECT_EXIT(std::exit(work_without_threads()), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace chronotope::tests
