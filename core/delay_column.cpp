// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/delay_column.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

#include "chronotope/core/large_pages.hpp"

namespace chronotope {
namespace {

constexpr std::array kUnits{1e4, 1e5, 1e6};  // 10^-8, 10^-7 and 10^-6 ms [ticks]
constexpr double kFewest = 100;
constexpr double kMostCounts = std::numeric_limits<std::uint32_t>::max();

bool is_multiple(double ticks, double unit) { return ticks == nearest_whole(ticks / unit) * unit; }

/// The finest unit in which the longest delay can be counted.
std::optional<double> finest(double longest_ticks) {
  for (const double unit : kUnits)
    if (longest_ticks / unit < kMostCounts) return unit;
  return std::nullopt;
}

}  // namespace

std::optional<DelayColumn> DelayColumn::drawn(std::size_t size, const DrawAll& draw_all,
                                              const AllFit& all_fit) {
  for (const double unit : kUnits)
    if (auto column = drawn_in<std::uint32_t>(size, draw_all, all_fit, unit, kFewest)) return column;
  return drawn_in<std::int64_t>(size, draw_all, all_fit, 1, 0);
}

/// Nothing when a delay is less than `fewest` of the units or more than there are counts.
template <class Count>
std::optional<DelayColumn> DelayColumn::drawn_in(std::size_t size, const DrawAll& draw_all,
                                                 const AllFit& all_fit, double unit, double fewest) {
  const double most =
      std::min(static_cast<double>(std::numeric_limits<Count>::max()), ticks_of(kLongest) / unit);
  auto counts = column_in_large_pages<Count>(size);
  bool fits = true;
  draw_all([&](std::uint64_t s, double ms) {
    const double count = std::max(1.0, nearest_whole(ticks_of(ms) / unit));
    fits = fits && count >= fewest && count <= most;
    if (fits) counts[s] = static_cast<Count>(count);
  });
  if (!all_fit(fits)) return std::nullopt;
  DelayColumn column;
  column.unit_ = unit;
  column.counts_ = std::move(counts);
  return column;
}

DelayColumn DelayColumn::exact(std::span<const Duration> delays) {
  DelayColumn column;
  double longest = 0;
  for (const Duration d : delays) longest = std::max(longest, d.offset().ticks);
  const auto fill = [&](auto count, double unit) {
    using Count = typename decltype(count)::value_type;
    reserve_in_large_pages(count, delays.size());
    for (const Duration d : delays) count.push_back(static_cast<Count>(d.offset().ticks / unit));
    column.unit_ = unit;
    column.counts_ = std::move(count);
  };
  const auto unit = finest(longest);
  if (unit && std::all_of(delays.begin(), delays.end(),
                          [&](Duration d) { return is_multiple(d.offset().ticks, *unit); }))
    fill(std::vector<std::uint32_t>(), *unit);
  else
    fill(std::vector<std::int64_t>(), 1);
  return column;
}

}  // namespace chronotope
