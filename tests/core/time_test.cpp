// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/time.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <boost/multiprecision/cpp_int.hpp>
#include <cmath>

#include "chronotope/core/decimal.hpp"

namespace chronotope {
namespace {

using Rational = boost::multiprecision::cpp_rational;
using Integer = boost::multiprecision::cpp_int;

constexpr std::int64_t kYearInEpochs = 30796875;  // 365 days / 1024 ms
const Integer kPerEpoch = 1'024'000'000'000'000;

Integer all_ticks(Duration d) { return kPerEpoch * d.epochs() + static_cast<std::int64_t>(d.ticks()); }
Integer all_ticks(Time t) { return all_ticks(t - Time()); }

/// The whole number nearest to a rational, halves to even.
Integer nearest(const Rational& x) {
  const Rational doubled = 2 * x + 1;
  Integer floor = numerator(doubled) / (2 * denominator(doubled));
  if (Rational(2 * floor) > doubled) --floor;  // division cuts towards 0
  const bool is_half = Rational(2 * floor) == doubled;
  return is_half && floor % 2 != 0 ? Integer(floor - 1) : floor;
}

/// Either sign, from a tick to a thousand years.
Duration any_duration() {
  const auto epochs = *rc::gen::inRange<std::int64_t>(-30'000'000'000, 30'000'000'000);
  const auto ticks = *rc::gen::inRange<std::int64_t>(0, 1'024'000'000'000'000);
  const bool is_short = *rc::gen::inRange(0, 2) == 0;
  return Duration::from_parts(is_short ? epochs % 3 : epochs, static_cast<double>(ticks));
}

RC_GTEST_PROP(TimeProperty, SumsAndDifferencesAreThoseOfWholeNumbers, ()) {
  const Duration a = any_duration();
  const Duration b = any_duration();
  RC_ASSERT(all_ticks(a + b) == all_ticks(a) + all_ticks(b));
  RC_ASSERT(all_ticks(a - b) == all_ticks(a) - all_ticks(b));
  RC_ASSERT(all_ticks(-a) == -all_ticks(a));
  RC_ASSERT(all_ticks(Time() + a + b) == all_ticks(a) + all_ticks(b));
  RC_ASSERT(all_ticks(Time() + a - b) == all_ticks(a) - all_ticks(b));
  RC_ASSERT((a < b) == (all_ticks(a) < all_ticks(b)));
  RC_ASSERT((Time() + a == Time() + b) == (all_ticks(a) == all_ticks(b)));
}

RC_GTEST_PROP(TimeProperty, ProductsAreRoundedOnce, ()) {
  const double share = std::ldexp(static_cast<double>(*rc::gen::inRange<std::int64_t>(0, 1LL << 53)), -53);
  const double few = static_cast<double>(*rc::gen::inRange<std::int64_t>(0, 64)) / 64;
  const auto ticks = static_cast<double>(*rc::gen::inRange<std::int64_t>(0, 9'007'199'254'740'991));
  for (const double a : {share, few})
    RC_ASSERT(Integer(nearest_product(a, ticks)) == nearest(Rational(a) * Rational(ticks)));
}

RC_GTEST_PROP(TimeProperty, CountsOfTicksAreTakenAsTheyAre, ()) {
  const auto digits =
      static_cast<double>(*rc::gen::inRange<std::int64_t>(-9'007'199'254'740'991, 9'007'199'254'740'991));
  const double ticks = std::ldexp(digits, *rc::gen::inRange(0, 40));
  RC_ASSERT(all_ticks(Duration::from_ticks(ticks)) == Integer(ticks));
}

RC_GTEST_PROP(TimeProperty, OffsetsCountTicks, ()) {
  const Time origin = Time() + any_duration();
  const auto ticks =
      static_cast<double>(*rc::gen::inRange<std::int64_t>(-9'007'199'254'740'991, 9'007'199'254'740'991));
  const Time t = origin + Offset{ticks};
  RC_ASSERT(t.since(origin) == Offset{ticks});
  RC_ASSERT(all_ticks(t) == all_ticks(origin) + static_cast<std::int64_t>(ticks));
  RC_ASSERT(t - Offset{ticks} == origin);
}

RC_GTEST_PROP(TimeProperty, MultiplesAndRatiosAreExact, ()) {
  const Duration d = any_duration();
  const auto k = *rc::gen::inRange<std::int64_t>(-1'000'000, 1'000'000);
  RC_ASSERT(all_ticks(k * d) == k * all_ticks(d));
  const Duration step =
      Duration::from_parts(0, static_cast<double>(*rc::gen::inRange<std::int64_t>(1, 1'000'000'000'000)));
  const Duration some = *rc::gen::inRange<std::int64_t>(-1'000'000, 1'000'000) * step;
  RC_ASSERT(some == floor_ratio(some, step) * step);
  const std::int64_t n = floor_ratio(some + Duration::from_parts(0, 7), step);
  RC_ASSERT(n * step <= some + Duration::from_parts(0, 7));
  RC_ASSERT(some + Duration::from_parts(0, 7) < (n + 1) * step);
}

RC_GTEST_PROP(TimeProperty, ComputedLengthsGoToTheNearestTick, ()) {
  const auto mantissa = *rc::gen::inRange<std::int64_t>(-9'007'199'254'740'991, 9'007'199'254'740'991);
  const int exponent = *rc::gen::inRange(-100, -13);
  const double ms = std::ldexp(static_cast<double>(mantissa), exponent);
  RC_ASSERT(all_ticks(Duration::nearest(ms)) == nearest(Rational(ms) * 1'000'000'000'000));
}

TEST(Time, ComputedHalvesOfATickGoToTheEvenOne) {
  const double half = 0x1p-13;  // 122070312.5 ticks
  EXPECT_EQ(Duration::nearest(half).ticks(), 122070312);
  EXPECT_EQ(Duration::nearest(3 * half).ticks(), 366210938);
  EXPECT_EQ(Duration::nearest(std::nextafter(half, 1)).ticks(), 122070313);
  EXPECT_EQ(Duration::nearest(std::nextafter(3 * half, 0)).ticks(), 366210937);
}

TEST(Time, TenthsOfAMillisecondAddUp) {
  EXPECT_EQ(stated_duration(0.1) + stated_duration(0.2), stated_duration(0.3));
  EXPECT_NE(
      stated_duration(0.333333333333) + stated_duration(0.333333333333) + stated_duration(0.333333333333),
      stated_duration(1));
  EXPECT_EQ(stated_duration(0.3).ms(), 0.3);
  for (const char* step : {"0.05", "0.025", "0.01", "0.1"})
    for (const char* begin : {"0", "0.3", "16384.3", "1000000000", "1000000000.7"}) {
      Time t = read_decimal(begin)->time();
      for (int k = 0; k < 1000; ++k) t = t + read_decimal(step)->value;
      EXPECT_EQ(t, read_decimal(begin)->time() + 1000 * read_decimal(step)->value) << begin << " " << step;
    }
}

TEST(Time, CarriesOverEpochs) {
  const Time t = Time::from_parts(3, kTicksPerEpoch - 1);
  EXPECT_EQ(t + kTick, Time::from_parts(4, 0));
  EXPECT_EQ(Time::from_parts(4, 0) - kTick, t);
  EXPECT_EQ(t + Duration::from_parts(2, 5), Time::from_parts(6, 4));
  EXPECT_LT(t, Time::from_parts(4, 0));
  EXPECT_LT(Time::from_parts(kYearInEpochs, 0), Time::never());
}

TEST(Time, PrintsTheDecimalsOfItsTick) {
  EXPECT_EQ(to_text(Time()), "0.0");
  EXPECT_EQ(to_text(stated_time(12)), "12.0");
  EXPECT_EQ(to_text(stated_time(0.1) + stated_duration(0.2)), "0.3");
  EXPECT_EQ(to_text(Time() + kTick), "0.000000000001");
  EXPECT_EQ(to_text(Time::from_parts(kYearInEpochs, ticks_of(0.125))), "31536000000.125");
  EXPECT_EQ(to_text(-stated_duration(1.5)), "-1.5");
}

RC_GTEST_PROP(TimeProperty, ReadsBackWhatItPrints, ()) {
  const Duration d = any_duration();
  RC_PRE(d < stated_duration(Time::kMaxMs) && -d < stated_duration(Time::kMaxMs));
  const Decimal read = read_decimal(to_text(d)).value();
  RC_ASSERT(read.value == d);
  RC_ASSERT(read.is_whole);
}

}  // namespace
}  // namespace chronotope
