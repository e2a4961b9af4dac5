// SPDX-License-Identifier: Apache-2.0
#include "chronotope/events/slots/slot_lines.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "chronotope/core/error.hpp"
#include "chronotope/core/packed.hpp"

namespace chronotope::events {
namespace {

constexpr double kRate = 1000;  // [Hz]

SlotTrains trains(Time stop = Time::never()) {
  return SlotTrains(3, Purpose("test"), std::vector<double>(2, kRate), Time(), stop);
}

/// All spikes of the first slots, drawn without lines.
std::vector<Time> by_slots(std::uint32_t channel, std::int64_t slots) {
  const SlotTrains drawn = trains();
  std::vector<Time> times;
  for (std::int64_t slot = 0; slot < slots; ++slot) {
    std::vector<Offset> at;
    drawn.draw(channel, slot, at);
    for (const Offset t : at) times.push_back(drawn.begin(slot) + t);
  }
  std::ranges::sort(times);
  return times;
}

std::string saved(const SlotLines& lines) {
  std::string bytes;
  for (std::uint32_t line = 0; line < 2; ++line) SlotLines::line_state(lines, line, Packer{bytes});
  return bytes;
}

/// A place as a state holds it, for both lines.
std::string place(std::int64_t slot, std::uint64_t taken) {
  std::string bytes;
  for (int line = 0; line < 2; ++line) Packer{bytes}(slot, taken);
  return bytes;
}

SlotLines loaded(std::string_view bytes, Time stop = Time::never()) {
  SlotLines lines(trains(stop));
  for (std::uint32_t line = 0; line < 2; ++line) SlotLines::line_state(lines, line, Unpacker{bytes});
  return lines;
}

TEST(SlotLines, AreTheSpikesOfTheSlotsInOrder) {
  SlotLines lines(trains());
  for (const std::uint32_t line : {0U, 1U})
    for (const Time t : by_slots(line, 40)) EXPECT_EQ(lines.next(line).time, t);
}

TEST(SlotLines, NothingIsEarlierThanWhatIsPromised) {
  SlotLines lines(trains());
  for (int k = 0; k < 100; ++k) {
    const Time promised = lines.not_before(0);
    const Time next = lines.next(0).time;
    ASSERT_LE(promised, next);
    ASSERT_LE(next.since(promised).ms(), 20);  // and it does promise something
  }
}

TEST(SlotLines, GoOnFromAnyPlace) {
  SlotLines lines(trains());
  for (int k = 0; k < 50; ++k) {
    SlotLines others = loaded(saved(lines));
    EXPECT_EQ(others.not_before(0), lines.not_before(0));
    SlotLines same = loaded(saved(lines));
    for (int n = 0; n < 5; ++n) EXPECT_EQ(others.next(0).time, same.next(0).time);
    EXPECT_EQ(same.next(1).time, lines.next(1).time);
    lines.next(0);
  }
}

TEST(SlotLines, PlacesThatNoLineCanComeToAreRefused) {
  const Time stop = Time() + Duration::from_ticks(ticks_of(10));
  const std::int64_t last = trains(stop).life().last;
  EXPECT_NO_THROW(loaded(place(0, 0), stop));
  EXPECT_NO_THROW(loaded(place(last + 1, 0), stop));
  EXPECT_THROW(loaded(place(-1, 0), stop), InputError);
  EXPECT_THROW(loaded(place(last + 2, 0), stop), InputError);
  EXPECT_THROW(loaded(place(3, 1'000'000), stop), InputError);
  EXPECT_THROW(loaded(place(0, 1), stop), InputError);
}

TEST(SlotLines, EndWithTheTrains) {
  SlotLines lines(trains(Time() + Duration::from_ticks(ticks_of(5))));
  Time last;
  for (Time t; !(t = lines.next(0).time).is_never();) last = t;
  EXPECT_LT(last.to_ms(), 5);
  EXPECT_TRUE(lines.not_before(0).is_never());
}

}  // namespace
}  // namespace chronotope::events
