// SPDX-License-Identifier: Apache-2.0
#include "chronotope/events/scan_schedule.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "chronotope/core/decimal.hpp"

namespace chronotope::events {
namespace {

using Step = ScanSchedule::Step;
constexpr double kSpan = kTicksPerEpoch / 1024;

Time at(double spans) { return Time() + Duration::from_ticks(spans * kSpan); }

/// A schedule of 64 neurons that came to `spans` whole spans with `looks` in the last one.
Step after(ScanSchedule& schedule, int looks, double spans) {
  for (int k = 0; k < looks; ++k) schedule.count_look();
  return schedule.advance(at(spans), at(spans));
}

/// On above an eighth of the neurons per span, off at a sixty-fourth: 8 and 1 of 64.
TEST(ScanSchedule, GoesOnWhenManyAndOffWhenFewAreLookedAt) {
  ScanSchedule schedule(64, Offset{kSpan});
  EXPECT_EQ(schedule.advance(at(0), at(0)), Step::kNone);
  EXPECT_EQ(after(schedule, 8, 1), Step::kNone);  // just an eighth
  EXPECT_EQ(schedule.next(), Time::never());
  EXPECT_EQ(schedule.limit(at(1)), Time::never());
  EXPECT_EQ(after(schedule, 9, 2), Step::kScan);
  EXPECT_TRUE(schedule.is_on());
  EXPECT_EQ(schedule.next(), at(3));
  EXPECT_EQ(after(schedule, 2, 3), Step::kScan);  // stays on well below an eighth
  EXPECT_EQ(after(schedule, 1, 4), Step::kStop);
  EXPECT_FALSE(schedule.is_on());
  EXPECT_EQ(after(schedule, 2, 5), Step::kNone);  // and off well above a sixty-fourth
}

TEST(ScanSchedule, LooksAreCountedPerSpanThatWentBy) {
  ScanSchedule schedule(64, Offset{kSpan});
  schedule.advance(at(0), at(0));
  EXPECT_EQ(after(schedule, 16, 2), Step::kNone);  // just an eighth in each of two
  ScanSchedule busier(64, Offset{kSpan});
  busier.advance(at(0), at(0));
  EXPECT_EQ(after(busier, 17, 2), Step::kScan);
}

TEST(ScanSchedule, NothingHappensInsideASpan) {
  ScanSchedule schedule(64, Offset{kSpan});
  schedule.advance(at(0), at(0));
  for (int k = 0; k < 60; ++k) schedule.count_look();
  EXPECT_EQ(schedule.advance(at(0.5), at(0.75)), Step::kNone);
  EXPECT_EQ(schedule.advance(at(1), at(1.25)), Step::kScan);
  EXPECT_EQ(schedule.end(), at(2));
  EXPECT_EQ(schedule.limit(at(1.5)), at(2));
  EXPECT_EQ(schedule.limit(at(2)), at(3));
}

TEST(ScanSchedule, ALongWindowEndsTheSpanLater) {
  ScanSchedule schedule(64, Offset{kSpan});
  schedule.advance(at(0), at(3.5));
  EXPECT_EQ(schedule.end(), at(3.5));
}

TEST(ScanSchedule, ForgettingAndStopping) {
  ScanSchedule schedule(64, Offset{kSpan});
  schedule.advance(at(0), at(0));
  for (int k = 0; k < 60; ++k) schedule.count_look();
  schedule.forget_looks();
  EXPECT_EQ(schedule.advance(at(1), at(1)), Step::kNone);
  EXPECT_EQ(after(schedule, 60, 2), Step::kScan);
  schedule.stop();
  EXPECT_FALSE(schedule.is_on());
  EXPECT_EQ(schedule.next(), Time::never());
}

}  // namespace
}  // namespace chronotope::events
