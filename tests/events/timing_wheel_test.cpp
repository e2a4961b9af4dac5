// SPDX-License-Identifier: Apache-2.0
#include "chronotope/events/timing_wheel.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "chronotope/core/decimal.hpp"
#include "chronotope/core/random_stream.hpp"

namespace chronotope::events {
namespace {

using Wheel = TimingWheel<int>;
using Slots = std::vector<std::pair<std::int64_t, std::vector<int>>>;

/// The slots up to `last`, taken from either.
Slots taken(Wheel& wheel, std::int64_t last) {
  Slots slots;
  wheel.take_until(last, [&](std::int64_t slot, std::span<const int> entries) {
    slots.emplace_back(slot, std::vector<int>(entries.begin(), entries.end()));
  });
  return slots;
}
Slots taken(std::map<std::int64_t, std::vector<int>>& twin, std::int64_t last) {
  Slots slots;
  while (!twin.empty() && twin.begin()->first <= last) {
    slots.emplace_back(*twin.begin());
    twin.erase(twin.begin());
  }
  return slots;
}

TEST(TimingWheel, GivesSlotsLikeAMap) {
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    RandomStream random(seed, Purpose("timing wheel"), 0);
    Wheel wheel(Offset{kTicksPerMs});
    std::map<std::int64_t, std::vector<int>> twin;
    std::int64_t current = 0;
    for (int step = 0; step < 5000; ++step) {
      const std::int64_t ahead = static_cast<std::int64_t>(random.below(seed % 2 == 0 ? 700 : 20));
      const std::int64_t slot = std::min(current + ahead, current + Wheel::kSlots - 1);
      ASSERT_EQ(wheel.reachable(current + ahead), slot);
      for (std::uint64_t k = random.below(3); k > 0; --k) {
        wheel.insert(slot, step);
        twin[slot].push_back(step);
      }
      ASSERT_EQ(wheel.first(), twin.empty() ? Wheel::kNoSlot : twin.begin()->first);
      if (random.below(3) != 0) continue;
      const std::int64_t last = current + static_cast<std::int64_t>(random.below(40));
      ASSERT_EQ(taken(wheel, last), taken(twin, last));
      current = last;
      ASSERT_EQ(wheel.reachable(0), current);
    }
  }
}

TEST(TimingWheel, TheLastSlotAndTheCurrentOneAreOfTheWheel) {
  Wheel wheel(Offset{kTicksPerMs});
  wheel.insert(Wheel::kSlots - 1, 1);
  EXPECT_EQ(wheel.first(), Wheel::kSlots - 1);
  EXPECT_EQ(taken(wheel, Wheel::kSlots - 2), Slots());
  wheel.insert(2 * Wheel::kSlots - 3, 2);  // beside the slot before the current one
  EXPECT_EQ(taken(wheel, 2 * Wheel::kSlots - 3),
            (Slots{{Wheel::kSlots - 1, {1}}, {2 * Wheel::kSlots - 3, {2}}}));
  EXPECT_EQ(wheel.first(), Wheel::kNoSlot);
}

/// Slot k is [k width, (k + 1) width), counted with whole numbers, in the year 3000 too.
TEST(TimingWheel, SlotsAreExactWholeNumbersOfTicks) {
  RandomStream random(1, Purpose("timing wheel"), 1);
  for (const double width : {kTicksPerEpoch / 4096, kTicksPerEpoch / 1024, kTicksPerMs}) {
    const Wheel wheel(Offset{width});
    for (const std::int64_t epoch : {std::int64_t{0}, std::int64_t{3}, std::int64_t{1} << 34})
      for (int round = 0; round < 500; ++round) {
        const auto ticks =
            static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(kTicksPerEpoch)));
        const auto whole = static_cast<std::int64_t>(width);
        const std::int64_t expected =
            epoch * (static_cast<std::int64_t>(kTicksPerEpoch) / whole) + ticks / whole;
        const std::int64_t slot = wheel.slot(Time::from_parts(epoch, static_cast<double>(ticks)));
        ASSERT_EQ(slot, expected);
        ASSERT_LE(wheel.start(slot), Time::from_parts(epoch, static_cast<double>(ticks)));
        ASSERT_EQ(wheel.slot(wheel.start(slot)), slot);
      }
  }
}

}  // namespace
}  // namespace chronotope::events
