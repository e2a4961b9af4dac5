// SPDX-License-Identifier: Apache-2.0
#include "chronotope/events/check_agenda.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <map>
#include <random>
#include <vector>

namespace chronotope::tests {
namespace {

using events::CheckAgenda;
using events::EventCounts;

constexpr std::uint32_t kNeurons = 40;
constexpr double kSlotMs = 0.25;
constexpr double kReachMs = 500 * kSlotMs;  // within what the wheel holds

/// What an agenda promises, with one check per neuron in a map.
class SlowAgenda {
 public:
  void schedule(std::uint32_t i, double ms) { check_[i] = ms; }
  void cancel(std::uint32_t i) { check_.erase(i); }
  bool has(std::uint32_t i) const { return check_.contains(i); }
  double at(std::uint32_t i) const { return check_.at(i); }
  double first() const {
    double first = HUGE_VAL;
    for (const auto& [i, ms] : check_) first = std::min(first, ms);
    return first;
  }

 private:
  std::map<std::uint32_t, double> check_;
};

Time at_ms(double ms) { return Time() + Duration::nearest(ms); }

TEST(CheckAgenda, EveryNeuronHasACheckAtFirst) {
  CheckAgenda agenda({ticks_of(kSlotMs)}, 3, Time(), at_ms(7));
  EventCounts counts;
  EXPECT_LE(agenda.next(), at_ms(7));
  EXPECT_EQ(agenda.take_until(at_ms(7.125), counts).size(), 3u);
  EXPECT_EQ(counts.wake_ups, 3u);
  EXPECT_EQ(agenda.next(), Time::never());
}

/// Never late, early by less than a slot, once.
TEST(CheckAgenda, ChecksAreThoseOfAMap) {
  std::mt19937_64 random(5);
  CheckAgenda agenda({ticks_of(kSlotMs)}, kNeurons, Time(), Time());
  SlowAgenda slow;
  EventCounts counts;
  for (std::uint32_t i = 0; i < kNeurons; ++i) slow.schedule(i, 0);
  double origin = 0;
  std::uint64_t taken = 0;
  for (double now = 0; now < 4000;) {
    const double end = now + std::ldexp(static_cast<double>(1 + random() % 64), -7);
    ASSERT_LE(agenda.next(), std::isinf(slow.first()) ? Time::never() : at_ms(slow.first()));
    std::vector<bool> found(kNeurons, false);
    for (const std::uint32_t i : agenda.take_until(at_ms(end), counts)) {
      ASSERT_TRUE(slow.has(i));
      ASSERT_LT(slow.at(i), end + kSlotMs);
      slow.cancel(i);
      found[i] = true;
      ++taken;
    }
    for (std::uint32_t i = 0; i < kNeurons; ++i) {
      if (slow.has(i)) {
        ASSERT_GE(slow.at(i), end) << "neuron " << i << " at " << now;
      }
      if (!found[i] && random() % 8 != 0) continue;
      const double next = now + std::ldexp(static_cast<double>(random() % (1 << 12)), -10) *
                                    (random() % 4 == 0 ? kReachMs / 4 : 1);
      if (random() % 5 == 0) {
        agenda.cancel(i);
        slow.cancel(i);
      } else {
        agenda.schedule(i, ticks_of(std::max(next, end) - origin));
        slow.schedule(i, std::max(next, end));
      }
    }
    now = end;
    if (now - origin >= 256) agenda.set_origin(at_ms(origin += 256));
  }
  EXPECT_GT(taken, 1000u);
  EXPECT_EQ(counts.wake_ups, taken);
  EXPECT_GT(counts.superseded, 100u);
}

TEST(CheckAgenda, ACheckInASlotThatWasTakenIsDueAtOnce) {
  CheckAgenda agenda({ticks_of(1)}, 1, Time(), Time());
  EventCounts counts;
  agenda.take_until(at_ms(0.25), counts);
  agenda.schedule(0, ticks_of(0.5));
  EXPECT_EQ(agenda.next(), at_ms(0.5));
  EXPECT_EQ(agenda.take_until(at_ms(0.75), counts).size(), 1u);
}

TEST(CheckAgenda, ACheckBeyondTheWheelComesEarlyAndMayBePutOff) {
  CheckAgenda agenda({ticks_of(1)}, 1, Time(), Time());
  EventCounts counts;
  agenda.take_until(at_ms(1), counts);
  agenda.schedule(0, ticks_of(100'000));
  EXPECT_GT(agenda.next(), at_ms(400));
  EXPECT_LT(agenda.next(), at_ms(100'000));
}

TEST(CheckAgenda, CancelledChecksAreNotTaken) {
  CheckAgenda agenda({ticks_of(1)}, 2, Time(), Time());
  EventCounts counts;
  agenda.cancel(1);
  EXPECT_EQ(agenda.take_until(at_ms(1), counts).size(), 1u);
  agenda.schedule(0, ticks_of(5));
  agenda.schedule(1, ticks_of(5));
  agenda.cancel_all();
  EXPECT_TRUE(agenda.take_until(at_ms(10), counts).empty());
}

}  // namespace
}  // namespace chronotope::tests
