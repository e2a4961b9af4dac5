// SPDX-License-Identifier: Apache-2.0
#include "chronotope/tests/reference/decimal_time.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace chronotope::reference {
namespace {

TEST(DecimalTime, ADoubleIsTheDecimalThatWasMeant) {
  EXPECT_EQ(decimal(0.1), Rational(1, 10));
  EXPECT_EQ(decimal(0.1) + decimal(0.2), decimal(0.3));
  EXPECT_EQ(decimal(-0.15), Rational(-15, 100));
  EXPECT_EQ(decimal(123.456), Rational(123456, 1000));
  EXPECT_EQ(decimal(1e23), Rational("100000000000000000000000"));
  EXPECT_EQ(decimal(5e-324) * Rational("1" + std::string(324, '0')), 5);
  EXPECT_EQ(decimal(0), 0);
  EXPECT_EQ(decimal(0x1p-10), Rational(1, 1024));
  EXPECT_EQ(decimal(31536000000.125), Rational("31536000000125/1000"));
}

TEST(DecimalTime, TheDecimalReadsBackAsTheDouble) {
  std::uint64_t bits = 88172645463325252U;
  for (int k = 0; k < 10000; ++k) {
    bits ^= bits << 13;  // Marsaglia's xorshift
    bits ^= bits >> 7;
    bits ^= bits << 17;
    const double number = std::ldexp(static_cast<double>(bits >> 11), static_cast<int>(bits % 64) - 90);
    ASSERT_EQ(to_double(decimal(number)), number);
  }
}

TEST(DecimalTime, TheNearestTickIsTheEvenOneOfTwo) {
  for (const auto& [halves, ticks] : std::vector<std::pair<int, int>>{
           {0, 0}, {1, 0}, {2, 1}, {3, 2}, {4, 2}, {5, 2}, {7, 4}, {-1, 0}, {-3, -2}, {-5, -2}}) {
    EXPECT_EQ(nearest_tick(Rational(halves, 2) * tick()), ticks * tick()) << halves;
    const Rational more = Rational(halves, 2) * tick() + Rational("1/1000000000000000000000000000000");
    const int above = halves % 2 != 0 ? (halves + 1) / 2 : ticks;
    EXPECT_EQ(nearest_tick(more), above * tick()) << halves;
  }
}

TEST(DecimalTime, FiftyDigitsAreRoundedOnce) {
  EXPECT_EQ(nearest_tick(20 * log(Real(2))), Rational("13862943611199/1000000000000"));  // ...198.906
  EXPECT_EQ(nearest_tick(Real(1) / 3), Rational("333333333333/1000000000000"));
  EXPECT_EQ(nearest_tick(Real(-2) / 3), Rational("-666666666667/1000000000000"));
  EXPECT_EQ(nearest_tick(Real("1e12") + Real("0.6e-12")), Rational(1000000000000) + tick());
}

TEST(DecimalTime, AStatedTimeIsOnItsTick) {
  EXPECT_EQ(stated_time(0.1), Rational(1, 10));
  EXPECT_EQ(stated_time(2.5e-12), 2 * tick());
  EXPECT_EQ(stated_time(3.5e-12), 4 * tick());
  EXPECT_EQ(stated_time(4e-13), 0);
  EXPECT_EQ(stated_time(0.1 + 0.2), Rational(3, 10));  // 0.30000000000000004
}

TEST(DecimalTime, TheWholePartIsBelow) {
  EXPECT_EQ(whole_part(Rational(7, 2)), 3);
  EXPECT_EQ(whole_part(Rational(-7, 2)), -4);
  EXPECT_EQ(whole_part(4), 4);
  EXPECT_EQ(whole_part(-4), -4);
}

TEST(DecimalTime, ConversionsAreNearest) {
  EXPECT_EQ(to_double(Rational(1, 3)), 1.0 / 3);
  EXPECT_LT(abs(to_real(Rational(1, 3)) * 3 - 1), Real("1e-49"));
  EXPECT_EQ(to_real(decimal(0.5)), 0.5);
}

}  // namespace
}  // namespace chronotope::reference
