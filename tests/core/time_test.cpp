// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/time.hpp"

#include <gtest/gtest.h>

#include "chronotope/core/error.hpp"

namespace chronotope {
namespace {

constexpr std::int64_t kYearInEpochs = 30796875;  // 365 days / 1024 ms

TEST(Time, AddsDurationsAcrossEpochs) {
  const Time t = Time::from_parts(3, 1023.5) + Duration{1.25};
  EXPECT_EQ(t.epoch(), 4);
  EXPECT_EQ(t.offset_ms(), 0.75);
  EXPECT_EQ((t - Time::from_parts(3, 1023.5)).ms, 1.25);
}

TEST(Time, SubtractsDurationsAcrossEpochs) {
  const Time t = Time::from_parts(1, 0.25) + Duration{-0.5};
  EXPECT_EQ(t, Time::from_parts(0, 1023.75));
  EXPECT_LT(Time::from_parts(0, 0) + Duration{-1e-20}, Time::from_parts(0, 1));
}

TEST(Time, KeepsItsResolutionAfterAYear) {
  const Duration step{0x1p-43};
  const Time year = Time::from_parts(kYearInEpochs, 700.0);
  EXPECT_EQ((year + step - year).ms, step.ms);
  EXPECT_EQ(next_after(year), year + step);
}

TEST(Time, AddsLongDurationsToTheLastBit) {
  const Time t = Time::from_parts(0, 1000.1) + Duration{31536000000.0};
  EXPECT_EQ(t, Time::from_parts(kYearInEpochs, 1000.1));
}

TEST(Time, ShiftByWholeEpochsChangesNoOffset) {
  const double delay = 1.2345678901;
  Time early = Time::from_parts(0, 0.1);
  Time late = Time::from_parts(kYearInEpochs, 0.1);
  for (int i = 0; i < 100000; ++i) {
    early = early + Duration{delay};
    late = late + Duration{delay};
  }
  EXPECT_EQ(early.offset_ms(), late.offset_ms());
  EXPECT_EQ(late.epoch() - early.epoch(), kYearInEpochs);
}

TEST(Time, PrintsFifteenExactDecimals) {
  EXPECT_EQ(to_text(Time::from_parts(0, 0)), "0.000000000000000");
  EXPECT_EQ(to_text(Time::from_parts(kYearInEpochs, 0.125)), "31536000000.125000000000000");
  EXPECT_EQ(to_text(Time::from_parts(0, std::nextafter(1.0, 0.0))), "1.000000000000000");
}

TEST(Time, ReadsBackWhatItPrints) {
  const Time t = Time::from_parts(kYearInEpochs, 17.0 + 0x1p-43);
  EXPECT_EQ(parse_time(to_text(t)), t);
  EXPECT_EQ(parse_time("12"), Time::from_parts(0, 12));
  EXPECT_EQ(parse_time("1e3"), Time::from_parts(0, 1000));
  EXPECT_EQ(parse_time(".5"), Time::from_parts(0, 0.5));
}

TEST(Time, RefusesTextThatIsNoTime) {
  for (const char* text : {"", "x", "1.5x", "nan", "inf", "1..2", "12a"})
    EXPECT_THROW(parse_time(text), InputError) << text;
}

}  // namespace
}  // namespace chronotope
