// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/decimal.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <boost/multiprecision/cpp_int.hpp>
#include <string>

namespace chronotope {
namespace {

double ticks(const Decimal& d) { return d.value.offset().ticks; }

TEST(Decimal, ReadsTextByItsDigits) {
  EXPECT_EQ(ticks(*read_decimal("0.1")), 1e11);
  EXPECT_EQ(ticks(*read_decimal("1e3")), 1e15);
  EXPECT_EQ(ticks(*read_decimal(".5")), 5e11);
  EXPECT_EQ(ticks(*read_decimal("5.")), 5e12);
  EXPECT_EQ(ticks(*read_decimal("+2.5E-3")), 2.5e9);
  EXPECT_EQ(ticks(*read_decimal("-0.3")), -3e11);
  EXPECT_EQ(ticks(*read_decimal("0")), 0);
  EXPECT_EQ(ticks(*read_decimal("000.000")), 0);
  EXPECT_EQ(ticks(*read_decimal("-0")), 0);
  EXPECT_EQ(ticks(*read_decimal("0e999999999999")), 0);
  EXPECT_EQ(ticks(*read_decimal("1e-999999999999")), 0);
  EXPECT_EQ(ticks(*read_decimal("123456789e-9")), 123456789e3);
  const Decimal long_run = *read_decimal("31536000000.123456789012");
  EXPECT_EQ(long_run.value.epochs(), 30796875);
  EXPECT_EQ(long_run.value.ticks(), 123456789012);
  EXPECT_TRUE(long_run.is_whole);
}

TEST(Decimal, RoundsOnceHalvesToEven) {
  const auto rounded = [](const std::string& text) {
    const Decimal d = *read_decimal(text);
    EXPECT_FALSE(d.is_whole) << text;
    return ticks(d);
  };
  EXPECT_EQ(rounded("0.0000000000005"), 0);
  EXPECT_EQ(rounded("0.0000000000015"), 2);
  EXPECT_EQ(rounded("0.0000000000025"), 2);
  EXPECT_EQ(rounded("0.00000000000250000000000000000000000000001"), 3);
  EXPECT_EQ(rounded("0.0000000000024999999999999999999999999999999"), 2);
  EXPECT_EQ(rounded("-0.0000000000015"), -2);
  EXPECT_EQ(rounded("1e-13"), 0);
  EXPECT_EQ(rounded("5e-14"), 0);
  EXPECT_EQ(rounded("0.9999999999995"), 1e12);
  EXPECT_TRUE(read_decimal("0.1000000000000000000000")->is_whole);
}

TEST(Decimal, RefusesWhatIsNoTime) {
  for (const char* text : {"",
                           "x",
                           "1.5x",
                           "nan",
                           "inf",
                           "1..2",
                           "12a",
                           "-",
                           "+",
                           ".",
                           "e3",
                           "1e",
                           "1e+",
                           "--1",
                           " 1",
                           "1 ",
                           "0x10",
                           "1e13",
                           "1000000000000.1",
                           "-1e13",
                           "1,5"}) {
    EXPECT_FALSE(read_decimal(text)) << text;
  }
  EXPECT_TRUE(read_decimal("1e12"));
  EXPECT_TRUE(read_decimal("999999999999.999999999999"));
}

TEST(Decimal, ADoubleIsTheShortestDecimalThatReadsBackAsIt) {
  EXPECT_EQ(to_text(stated_duration(16384.3)), "16384.3");
  EXPECT_EQ(to_text(stated_duration(1000000000.7)), "1000000000.7");
  EXPECT_EQ(to_text(stated_duration(31536000000.1)), "31536000000.1");
  EXPECT_EQ(to_text(decimal(16384.3F).value), "16384.3");
  EXPECT_EQ(to_text(decimal(0.1F).value), "0.1");
  EXPECT_EQ(to_text(stated_duration(1e12)), "1000000000000.0");
  EXPECT_EQ(to_text(stated_duration(-0.0)), "0.0");
  EXPECT_FALSE(decimal(0.1234567890123).is_whole);
  EXPECT_TRUE(decimal(0.123456789012).is_whole);
  EXPECT_EQ(stated_duration(5e-13).offset().ticks, 0);  // a decimal half, to even; the double lies above it
  EXPECT_EQ(stated_duration(1.5e-12).offset().ticks, 2);
}

RC_GTEST_PROP(DecimalProperty, DecimalsOfDoublesAreReadAsTheyWereWritten, ()) {
  const auto whole = *rc::gen::inRange<std::int64_t>(0, 1'000'000'000);
  const auto decimals = *rc::gen::inRange(0, 6);
  std::string text = std::to_string(whole);
  if (decimals > 0) text += ".";
  for (int k = 0; k < decimals; ++k) text += static_cast<char>('0' + *rc::gen::inRange(0, 10));
  RC_ASSERT(stated_duration(std::stod(text)) == read_decimal(text)->value);
  const std::string few = text.substr(0, 6);
  RC_ASSERT(decimal(std::stof(few)).value == read_decimal(few)->value);
}

/// Against rationals: the digits' value times 10^12, rounded.
RC_GTEST_PROP(DecimalProperty, TextOfAnyLengthGoesToTheNearestTick, ()) {
  using boost::multiprecision::cpp_int;
  const int digits = *rc::gen::inRange(1, 40);
  cpp_int number = 0;
  std::string text;
  for (int k = 0; k < digits; ++k) {
    const int digit = *rc::gen::element(0, 5, 9, 4, 1);
    number = 10 * number + digit;
    text += static_cast<char>('0' + digit);
  }
  const int exponent = *rc::gen::inRange(-45, 12 - digits);
  const auto read = read_decimal(text + "e" + std::to_string(exponent));
  RC_ASSERT(read.has_value());
  cpp_int ticks = number;
  const int shift = exponent + 12;
  if (shift >= 0) {
    ticks *= pow(cpp_int(10), static_cast<unsigned>(shift));
  } else {
    const cpp_int unit = pow(cpp_int(10), static_cast<unsigned>(-shift));
    const cpp_int twice = 2 * (number % unit);
    ticks = number / unit;
    if (twice > unit || (twice == unit && ticks % 2 != 0)) ++ticks;
  }
  RC_ASSERT(cpp_int(read->value.epochs()) * 1'024'000'000'000'000 +
                static_cast<std::int64_t>(read->value.ticks()) ==
            ticks);
}

}  // namespace
}  // namespace chronotope
