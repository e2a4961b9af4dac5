// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/time.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace chronotope {
namespace {

__extension__ using Int128 = __int128;

constexpr std::int64_t kPerEpoch = static_cast<std::int64_t>(kTicksPerEpoch);

Int128 all_ticks(Duration d) { return Int128{d.epochs()} * kPerEpoch + static_cast<std::int64_t>(d.ticks()); }

/// a/b rounded down, b > 0.
Int128 floor_divide(Int128 a, Int128 b) { return a / b - (a % b < 0 ? 1 : 0); }

Duration of_ticks(Int128 ticks) {
  const Int128 epochs = floor_divide(ticks, kPerEpoch);
  return Duration::from_parts(static_cast<std::int64_t>(epochs),
                              static_cast<double>(ticks - epochs * kPerEpoch));
}

}  // namespace

/// Where the product is rounded to the middle between two whole numbers, what rounding it lost decides.
double nearest_product(double a, double b) {
  const double product = a * b;
  const double lost = std::fma(a, b, -product);
  const double whole = std::nearbyint(product);
  if (product - whole == 0.5 && lost > 0) return whole + 1;
  if (product - whole == -0.5 && lost < 0) return whole - 1;
  return whole;
}

Duration Duration::nearest(double ms) {
  const double size = std::abs(ms);
  const double epochs = std::floor(size / kEpochMs);
  const double rest = size - epochs * kEpochMs;  // exact
  const Duration nearest = normalised(static_cast<std::int64_t>(epochs), nearest_product(rest, kTicksPerMs));
  return ms < 0 ? -nearest : nearest;
}

Duration operator*(std::int64_t k, Duration d) { return of_ticks(k * all_ticks(d)); }

std::int64_t floor_ratio(Duration d, Duration step) {
  return static_cast<std::int64_t>(floor_divide(all_ticks(d), all_ticks(step)));
}

std::string to_text(Duration d) {
  constexpr std::int64_t kPerMs = static_cast<std::int64_t>(kTicksPerMs);
  constexpr std::size_t kDecimals = 12;
  const bool is_negative = d < Duration();
  const Int128 ticks = is_negative ? -all_ticks(d) : all_ticks(d);
  std::array<char, 64> digits;
  const auto whole =
      std::to_chars(digits.begin(), digits.end(), static_cast<std::int64_t>(ticks / kPerMs)).ptr;
  const auto decimals = std::to_string(static_cast<std::int64_t>(ticks % kPerMs));
  std::string text = is_negative ? "-" : "";
  text.append(digits.begin(), whole);
  text += '.' + std::string(kDecimals - decimals.size(), '0') + decimals;
  while (text.ends_with('0') && !text.ends_with(".0")) text.pop_back();
  return text;
}

std::string to_text(Time t) { return to_text(t - Time()); }

}  // namespace chronotope
