// SPDX-License-Identifier: Apache-2.0
// The walks to a crossing, on a V whose crossings are known: V_th - V = gap(t), which falls or rises
// linearly.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "chronotope/models/closed_forms/crossing.hpp"

namespace chronotope::models {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// How long V stays below a threshold that it reaches at `at` and is above from there on: exactly, or half of
/// it, as a bound does.
auto rise_to(double at, double share = 1) {
  return [=](double ms) { return ms >= at ? 0 : share * (at - ms); };
}
/// V is above from `from` to `to`, and touches the threshold never again.
auto bump(double from, double to) {
  return [=](double ms) { return ms >= to ? kNoCrossing : ms >= from ? 0 : from - ms; };
}

TEST(AnchoredCrossing, AtTheStartIsACrossingThere) {
  const CrossingBound found = anchored_crossing(3, rise_to(3));
  EXPECT_TRUE(found.is_crossing);
  EXPECT_EQ(found.ms, 3);
  const CrossingBound before = anchored_crossing(3, rise_to(2.5));
  EXPECT_TRUE(before.is_crossing);
  EXPECT_EQ(before.ms, 3);
}

TEST(AnchoredCrossing, IsTheSameFromWhereverItIsAskedFor) {
  for (const double at : {1.0, 1.0009765625, 1.2345678901234567, 7.00390625}) {
    const double least = anchored_crossing(at - 0x1p-9, rise_to(at, 0.7)).ms;
    EXPECT_NEAR(least, at, 1e-12);
    for (const double ahead : {0x1p-10, 0x1p-9, 0.7 * 0x1p-8, 1e-5, 3e-7}) {
      const CrossingBound found = anchored_crossing(at - ahead, rise_to(at, 0.7));
      if (!found.is_crossing) continue;  // farther than is walked
      EXPECT_EQ(found.ms, least) << at << " " << ahead;
    }
  }
}

/// A crossing in the stretch that is walked, but before the start, is not the next one.
TEST(AnchoredCrossing, WhatLiesBeforeTheStartIsPassedOver) {
  const double stretch = 5;  // a multiple of 2^-8 ms
  const double start = stretch + 1e-3;
  const auto two_bumps = [&](double ms) {
    const double first = bump(stretch + 1e-4, stretch + 2e-4)(ms);
    return first == kNoCrossing ? rise_to(stretch + 2e-3)(ms) : first;
  };
  const CrossingBound found = anchored_crossing(start, two_bumps);
  EXPECT_TRUE(found.is_crossing);
  EXPECT_NEAR(found.ms, stretch + 2e-3, 1e-12);
  EXPECT_GT(found.ms, start);
}

TEST(AnchoredCrossing, FarOnesAreBoundsAndLostOnesAreNoNumbers) {
  const CrossingBound far = anchored_crossing(1, rise_to(40));
  EXPECT_FALSE(far.is_crossing);
  EXPECT_GT(far.ms, 1);
  EXPECT_LE(far.ms, 40);
  EXPECT_EQ(anchored_crossing(1, [](double) { return kNoCrossing; }).ms, kNoCrossing);
  EXPECT_TRUE(std::isnan(anchored_crossing(1, [](double) { return kNaN; }).ms));
}

TEST(FirstCrossing, WalksFromZeroAndIsNotBeforeNow) {
  const Time start = Time() + Duration::nearest(100);
  const auto at = [&](double ms) { return start + Duration::nearest(ms); };
  const CrossingTime far = first_crossing(start, at(1), rise_to(1.25));
  EXPECT_FALSE(far.is_crossing);
  EXPECT_GT(far.at, at(1));
  EXPECT_LT(far.at, at(1.25));
  const CrossingTime near = first_crossing(start, at(1.2499995), rise_to(1.25));
  EXPECT_TRUE(near.is_crossing);
  EXPECT_EQ(near.at, at(1.25));
  const CrossingTime there = first_crossing(start, at(1.25), rise_to(1.25));
  EXPECT_TRUE(there.is_crossing);
  EXPECT_EQ(there.at, at(1.25));
  const CrossingTime late = first_crossing(start, at(2), rise_to(1.25));
  EXPECT_TRUE(late.is_crossing);
  EXPECT_EQ(late.at, at(2));
  EXPECT_EQ(first_crossing(start, at(2), [](double) { return kNoCrossing; }).at, Time::never());
  EXPECT_TRUE(std::isnan(first_crossing(start, at(2), [](double) { return kNaN; }).beyond));
}

TEST(CrossingTime, IsTheNearestTickAndWhatIsBeyondIt) {
  const Time start = Time() + Duration::nearest(5);
  const CrossingTime found = crossing_time(start, start, {1 + 0.25e-12, true});
  EXPECT_EQ(found.at, start + Duration::nearest(1));
  EXPECT_NEAR(found.beyond, 0.25, 1e-3);
  EXPECT_EQ(crossing_time(start, start, {0x1p50, false}).at, Time::never());
}

}  // namespace
}  // namespace chronotope::models
