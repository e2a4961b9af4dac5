// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/inspection/row_comparison.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace chronotope::apps {

void RowComparison::Row::drop(std::size_t count) {
  numbers.erase(numbers.begin(), numbers.begin() + static_cast<std::ptrdiff_t>(count));
  first += count;
}

void RowComparison::Sums::add(double a, double b) {
  ++count;
  differing += a == b ? 0 : 1;
  largest = std::max(largest, std::abs(a - b));
  squares += (a - b) * (a - b);
  for (const auto& [side, number] : {std::pair(0U, a), std::pair(1U, b)}) {
    const double from_mean = number - mean[side];
    mean[side] += from_mean / static_cast<double>(count);
    spread[side] += from_mean * (number - mean[side]);
  }
}

void RowComparison::take(std::size_t side, Time time, Series series, std::uint64_t first,
                         std::vector<double> numbers) {
  rows_[side].push_back({time, std::move(series), first, std::move(numbers)});
  while (!rows_[0].empty() && !rows_[1].empty()) {
    Row& a = rows_[0].front();
    Row& b = rows_[1].front();
    if (a.place() != b.place()) {
      rows_[a.place() < b.place() ? 0 : 1].pop_front();
      continue;
    }
    const std::size_t count = std::min(a.numbers.size(), b.numbers.size());
    Sums& sums = compared_[{a.time, a.series}];
    for (std::size_t k = 0; k < count; ++k) sums.add(a.numbers[k], b.numbers[k]);
    for (auto& rows : rows_) {
      rows.front().drop(count);
      if (rows.front().numbers.empty()) rows.pop_front();
    }
  }
}

bool RowComparison::differs() const {
  return std::any_of(compared_.begin(), compared_.end(),
                     [](const auto& one) { return one.second.differing > 0; });
}

}  // namespace chronotope::apps
