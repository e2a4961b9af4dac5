// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/parallel.hpp"

#include <gtest/gtest.h>

#include <atomic>
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

}  // namespace
}  // namespace chronotope::tests
