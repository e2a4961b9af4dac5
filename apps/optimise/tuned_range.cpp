// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/optimise/tuned_range.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string_view>

#include "chronotope/core/error.hpp"
#include "chronotope/core/exponential.hpp"
#include "chronotope/core/number_text.hpp"
#include "chronotope/core/printable.hpp"

namespace chronotope::apps {
namespace {

[[noreturn]] void refuse(const std::string& text, const std::string& allowed) {
  throw InputError("--over: " + in_quotes(text) + " is not allowed (" + allowed + ")");
}

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t colon = text.find(':');
    parts.push_back(text.substr(0, colon));
    if (colon == std::string_view::npos) return parts;
    text.remove_prefix(colon + 1);
  }
}

TunedRange read_range(const std::string& text) {
  const std::size_t sign = text.find('=');
  if (sign == std::string::npos || sign == 0) refuse(text, "must be PATH=LOW:HIGH or PATH=LOW:HIGH:log");
  const auto parts = split(std::string_view(text).substr(sign + 1));
  if (parts.size() < 2 || parts.size() > 3 || (parts.size() == 3 && parts[2] != "log"))
    refuse(text, "must be PATH=LOW:HIGH or PATH=LOW:HIGH:log");
  const auto low = finite_number(parts[0]);
  const auto high = finite_number(parts[1]);
  if (!low || !high || *low >= *high) refuse(text, "LOW and HIGH must be finite numbers, LOW < HIGH");
  if (parts.size() == 3 && *low <= 0) refuse(text, "LOW of a logarithmic range must be > 0");
  return {text.substr(0, sign), *low, *high, parts.size() == 3, false};
}

}  // namespace

std::string TunedRange::value(double share) const {
  const double there = is_logarithmic ? low * exp(share * log(high / low)) : low + share * (high - low);
  if (is_whole) return fmt::format("{:.0f}", std::clamp(std::round(there), std::ceil(low), std::floor(high)));
  const double rounded = *finite_number(fmt::format("{:.6g}", there));
  return fmt::format("{}", std::clamp(rounded, low, high));
}

std::vector<TunedRange> read_tuned_ranges(const std::vector<std::string>& texts) {
  std::vector<TunedRange> ranges;
  std::set<std::string> known;
  for (const std::string& text : texts) {
    ranges.push_back(read_range(text));
    if (!known.insert(ranges.back().path).second) refuse(text, "the range of every path is given once");
  }
  return ranges;
}

}  // namespace chronotope::apps
