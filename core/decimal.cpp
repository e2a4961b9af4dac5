// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/decimal.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <cstdint>
#include <string>

namespace chronotope {
namespace {

__extension__ using Int128 = __int128;

constexpr int kTickExponent = -12;  // a tick is 10^-12 ms

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The digits of a number d1 d2 ... dn: the number is 0.d1 d2 ... dn * 10^exponent.
struct Digits {
  bool is_negative = false;
  std::string digits;  // no leading zeros; empty for 0
  std::int64_t exponent = 0;
};

/// Reads the exponent behind a mantissa, "e-3"; nothing when that is not all there is.
std::optional<std::int64_t> read_exponent(std::string_view text) {
  if (text.empty()) return 0;
  if (text.front() != 'e' && text.front() != 'E') return {};
  text.remove_prefix(1);
  const bool has_sign = !text.empty() && (text.front() == '-' || text.front() == '+');
  const bool is_negative = has_sign && text.front() == '-';
  if (has_sign) text.remove_prefix(1);
  if (text.empty() || !std::all_of(text.begin(), text.end(), is_digit)) return {};
  constexpr std::int64_t kLargest = 1'000'000;  // far beyond any time, with any number of digits
  std::int64_t exponent = 0;
  for (const char c : text) exponent = std::min(kLargest, 10 * exponent + (c - '0'));
  return is_negative ? -exponent : exponent;
}

std::optional<Digits> read_digits(std::string_view text) {
  Digits number;
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    number.is_negative = text.front() == '-';
    text.remove_prefix(1);
  }
  bool has_digits = false;
  bool has_point = false;
  std::size_t k = 0;
  for (; k < text.size() && (is_digit(text[k]) || (text[k] == '.' && !has_point)); ++k) {
    if (text[k] == '.') {
      has_point = true;
      continue;
    }
    has_digits = true;
    if (number.digits.empty() && text[k] == '0') {
      if (has_point) --number.exponent;
      continue;
    }
    number.digits += text[k];
    if (!has_point) ++number.exponent;
  }
  const auto exponent = read_exponent(text.substr(k));
  if (!has_digits || !exponent) return {};
  number.exponent += *exponent;
  return number;
}

/// The nearest whole number of ticks. Requires: a number below 10^13 ms.
Decimal to_ticks(const Digits& number) {
  const std::int64_t whole_digits = number.exponent - kTickExponent;  // in front of the ticks' point
  const auto digit = [&](std::int64_t k) {
    const bool is_there = k >= 0 && k < static_cast<std::int64_t>(number.digits.size());
    return is_there ? number.digits[static_cast<std::size_t>(k)] - '0' : 0;
  };
  Int128 ticks = 0;
  for (std::int64_t k = 0; k < whole_digits; ++k) ticks = 10 * ticks + digit(k);
  const auto first_lost = static_cast<std::size_t>(
      std::clamp<std::int64_t>(whole_digits, 0, static_cast<std::int64_t>(number.digits.size())));
  const bool is_whole = number.digits.find_first_not_of('0', first_lost) == std::string::npos;
  const bool is_above_half =
      digit(whole_digits) > 5 ||
      (digit(whole_digits) == 5 && number.digits.find_first_not_of('0', first_lost + 1) != std::string::npos);
  const bool is_half = digit(whole_digits) == 5 && !is_above_half;
  if (is_above_half || (is_half && ticks % 2 != 0)) ++ticks;
  constexpr auto kPerEpoch = static_cast<std::int64_t>(kTicksPerEpoch);
  const Duration length = Duration::from_parts(static_cast<std::int64_t>(ticks / kPerEpoch),
                                               static_cast<double>(ticks % kPerEpoch));
  return {number.is_negative ? -length : length, is_whole};
}

template <class Real>
Decimal shortest_decimal(Real ms) {
  std::array<char, 32> text;
  const auto end = std::to_chars(text.begin(), text.end(), ms, std::chars_format::scientific).ptr;
  const auto number = read_digits({text.data(), static_cast<std::size_t>(end - text.data())});
  assert(number);
  return to_ticks(*number);
}

}  // namespace

std::optional<Decimal> read_decimal(std::string_view text) {
  constexpr std::int64_t kMostDigits = 13;  // in front of the point
  const auto number = read_digits(text);
  if (!number) return {};
  if (number->digits.empty()) return Decimal{};
  if (number->exponent > kMostDigits) return {};
  const Decimal read = to_ticks(*number);
  const Duration longest = Duration::nearest(Time::kMaxMs);
  if (read.value > longest || read.value < -longest) return {};
  return read;
}

Decimal decimal(double ms) { return shortest_decimal(ms); }
Decimal decimal(float ms) { return shortest_decimal(ms); }

}  // namespace chronotope
