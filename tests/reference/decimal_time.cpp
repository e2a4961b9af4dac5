// SPDX-License-Identifier: Apache-2.0
#include "chronotope/tests/reference/decimal_time.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <cmath>
#include <string>

namespace chronotope::reference {
namespace {

using Integer = boost::multiprecision::cpp_int;

/// "-1.25e-07"
std::string shortest_decimal(double number) {
  std::array<char, 32> text;
  const auto end = std::to_chars(text.begin(), text.end(), number, std::chars_format::scientific).ptr;
  return {text.begin(), end};
}

Rational power_of_ten(int exponent) {
  const Integer power = pow(Integer(10), static_cast<unsigned>(std::abs(exponent)));
  return exponent < 0 ? Rational(1, power) : Rational(power);
}

}  // namespace

const Rational& tick() {
  static const Rational ms = power_of_ten(-12);
  return ms;
}

Rational decimal(double number) {
  assert(std::isfinite(number));
  const std::string text = shortest_decimal(number);
  const std::size_t e = text.find('e');
  std::string digits = text.substr(0, e);
  int exponent = std::stoi(text.substr(e + 1));
  if (const std::size_t point = digits.find('.'); point != std::string::npos) {
    digits.erase(point, 1);
    exponent -= static_cast<int>(digits.size() - point);
  }
  return Rational(Integer(digits)) * power_of_ten(exponent);
}

Rational nearest_tick(const Rational& ms) {
  const Rational ticks = ms / tick();
  const Integer below = whole_part(ticks);
  const Rational beyond = ticks - below;
  const Rational half(1, 2);
  const bool up = beyond > half || (beyond == half && below % 2 != 0);
  return (below + (up ? 1 : 0)) * tick();
}

Rational nearest_tick(const Real& ms) { return nearest_tick(static_cast<Rational>(ms)); }

Integer whole_part(const Rational& x) {
  const Integer above = numerator(x), below = denominator(x);  // below > 0
  const Integer toward_zero = above / below;
  return toward_zero * below > above ? Integer(toward_zero - 1) : toward_zero;
}

}  // namespace chronotope::reference
