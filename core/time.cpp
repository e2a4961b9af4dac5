// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/time.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdio>

#include "chronotope/core/error.hpp"

namespace chronotope {

Time next_after(Time t) { return t + Duration{0x1p-43}; }

std::string to_text(Time t) {
  const double whole = std::floor(t.offset_ms());
  auto integer = t.epoch() * static_cast<std::int64_t>(Time::kEpochMs) + static_cast<std::int64_t>(whole);
  std::array<char, 32> fraction;
  std::snprintf(fraction.data(), fraction.size(), "%.15f", t.offset_ms() - whole);
  if (fraction[0] == '1') ++integer;  // 0.9999999999999999 rounds up to the next millisecond
  if (integer >= 0) return std::to_string(integer) + (fraction.data() + 1);
  std::snprintf(fraction.data(), fraction.size(), "%.15f",
                t.to_ms());  // before 0 nothing is recorded exactly
  return fraction.data();
}

Time parse_time(std::string_view text) {
  const auto refuse = [&]() -> Time {
    throw InputError("'" + std::string(text) + "' is not a time in milliseconds");
  };
  const auto point = text.find('.');
  const std::string_view integer = text.substr(0, point);
  const bool plain =
      !integer.empty() && integer.size() <= 17 &&
      std::all_of(integer.begin(), integer.end(), [](unsigned char c) { return std::isdigit(c); }) &&
      text.find_first_of("eE") == std::string_view::npos;
  double value = 0;
  const std::string_view floating = plain ? text.substr(integer.size()) : text;
  if (!plain || floating.size() > 1) {
    const auto [end, error] = std::from_chars(floating.data(), floating.data() + floating.size(), value);
    if (error != std::errc() || end != floating.data() + floating.size() ||
        !(std::abs(value) <= Time::kMaxMs))
      return refuse();
  }
  if (!plain) return Time::from_ms(value);
  std::int64_t whole = 0;
  std::from_chars(integer.data(), integer.data() + integer.size(), whole);
  if (static_cast<double>(whole) > Time::kMaxMs) return refuse();
  constexpr auto epoch_ms = static_cast<std::int64_t>(Time::kEpochMs);
  return Time::from_parts(whole / epoch_ms, static_cast<double>(whole % epoch_ms)) + Duration{value};
}

}  // namespace chronotope
