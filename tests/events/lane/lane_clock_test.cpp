// SPDX-License-Identifier: Apache-2.0
#include "chronotope/events/lane/lane_clock.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>

namespace chronotope::tests {
namespace {

using events::LaneClock;

TEST(LaneClock, TheOriginMovesByWholeStepsAndStaysWithinOneOfTheTime) {
  std::mt19937_64 random(3);
  for (const std::int64_t step :
       {std::int64_t{1} << 40, std::int64_t{1'024'000'000'000'000}, std::int64_t{3}}) {
    LaneClock clock(Offset{static_cast<double>(step)});
    std::int64_t now = 0;  // ticks: slow and obvious
    std::int64_t origin = 0;
    for (int k = 0; k < 1000; ++k) {
      now += static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(3 * step));
      const Time t = Time() + now * Duration::from_ticks(1);
      const std::int64_t steps = (now - origin) / step;
      ASSERT_EQ(clock.steps_to(t), steps);
      clock.move_origin(steps);
      origin += steps * step;
      ASSERT_EQ(clock.offset(t).ticks, static_cast<double>(now - origin));
      ASSERT_EQ(clock.time(clock.offset(t)), t);
      clock.open(t, t + Duration::from_ticks(2));
      ASSERT_EQ(clock.begin(), clock.offset(t));
      ASSERT_EQ(clock.end().ticks - clock.begin().ticks, 2);
    }
  }
}

}  // namespace
}  // namespace chronotope::tests
