// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/machine_memory.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cstddef>
#include <cstdlib>
#include <new>
#include <string>
#include <vector>

#include "chronotope/core/error.hpp"

namespace chronotope {
namespace {

constexpr rlim_t kLimit = 3'000'000'000;

/// The soft limit, which a process may raise again up to the hard one.
void set_limit(decltype(RLIMIT_AS) resource, rlim_t bytes) {
  rlimit limit{};
  ASSERT_EQ(::getrlimit(resource, &limit), 0);
  limit.rlim_cur = bytes;
  ASSERT_EQ(::setrlimit(resource, &limit), 0);
}

rlim_t limit_of(decltype(RLIMIT_AS) resource) {
  rlimit limit{};
  EXPECT_EQ(::getrlimit(resource, &limit), 0);
  return limit.rlim_cur;
}

/// Whether so much can be had; it is not touched.
bool is_promised(std::size_t bytes) {
  void* const taken = std::malloc(bytes);
  std::free(taken);
  return taken != nullptr;
}

/// A limit on the data of this process alone, and of no child of the tests: each case in a process of its
/// own.
TEST(MachineMemoryDeathTest, IsThatOfALimitOnDataToo) {
  for (const auto resource : {RLIMIT_AS, RLIMIT_DATA})
    EXPECT_EXIT(
        {
          set_limit(resource, kLimit);
          std::exit(machine_memory() == static_cast<double>(kLimit) ? 0 : 1);
        },
        testing::ExitedWithCode(0), "");
}

TEST(MachineMemoryDeathTest, LimitsDataWhereNothingElseDoes) {
  EXPECT_EXIT(
      {
        set_limit(RLIMIT_AS, kLimit);
        limit_memory_to_machine();
        const rlim_t data = limit_of(RLIMIT_DATA);
        set_limit(RLIMIT_AS, RLIM_INFINITY);
        const bool limited = data >= kLimit && data < kLimit + 1'000'000'000 && is_promised(kLimit / 2) &&
                             !is_promised(2 * kLimit);
        limit_memory_to_machine();  // of the whole machine: what is less stays
        std::exit(limited && limit_of(RLIMIT_DATA) == data ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

std::string refusal(const NetworkDescription& network, unsigned copies, unsigned threads) {
  try {
    require_memory(network, copies, threads);
    return "";
  } catch (const InputError& error) {
    return error.what();
  }
}

/// Every thread has a part of every population: 16.5 KB.
TEST(MachineMemoryDeathTest, CountsThePartsOfThreads) {
  NetworkDescription network;
  network.populations.resize(2000);
  for (PopulationSpec& population : network.populations) population.size = 1;
  EXPECT_EQ(refusal(network, 1, 1), "");
  EXPECT_EXIT(
      {
        set_limit(RLIMIT_AS, kLimit);
        const bool right =
            refusal(network, 1, 80).empty() && refusal(network, 1, 0).empty() &&
            refusal(network, 1, 100).starts_with("2000 populations on 100 threads need about 3.3 GB") &&
            !refusal(network, 5, 20).empty();
        std::exit(right ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace chronotope
