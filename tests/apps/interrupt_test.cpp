// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/interrupt.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "chronotope/core/wiring.hpp"

namespace chronotope::apps {
namespace {

TEST(Interrupt, TheFirstSignalIsARequest) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    const Interrupt interrupt;
    EXPECT_FALSE(Interrupt::requested());
    EXPECT_NO_THROW(Interrupt::check());
    std::raise(signal);
    EXPECT_TRUE(Interrupt::requested());
    EXPECT_THROW(Interrupt::check(), Interrupted);
  }
}

TEST(InterruptDeathTest, ASecondSignalEndsTheProgram) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP})
    EXPECT_EXIT(
        {
          const Interrupt interrupt;
          std::raise(SIGINT);
          std::this_thread::sleep_for(std::chrono::nanoseconds(Interrupt::kPatienceNs));
          std::raise(signal);
        },
        testing::KilledBySignal(signal), "");
}

/// `timeout` signals its child and then the whole group; a terminal that closes sends SIGHUP and SIGTERM.
TEST(Interrupt, SeveralSignalsOfOneWishAreOneRequest) {
  const Interrupt interrupt;
  for (const int signal : {SIGTERM, SIGTERM, SIGHUP, SIGINT}) std::raise(signal);
  EXPECT_TRUE(Interrupt::requested());
}

TEST(Interrupt, EndsTheWiringOfLargeNetworks) {
  const Interrupt interrupt;
  WiringContext context;
  context.sources = context.targets = 4'000'000'000;  // rows that nobody could wait for
  int rows = 0;
  context.checkpoint = [&] {
    if (++rows == 3) std::raise(SIGTERM);
    Interrupt::check();
  };
  EXPECT_THROW(one_to_one(context), Interrupted);
  EXPECT_EQ(rows, 3);
}

}  // namespace
}  // namespace chronotope::apps
