// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <vector>

namespace chronotope {

/// The k-th smallest of many values, counted from 0, and the one after it (itself when k is the last).
struct OrderStatistic {
  double value = 0;
  double next = 0;
};

/// Gives every value once, in any order, to its argument, in pieces. May be called again: the same values
/// come.
using ReplayedValues = std::function<void(const std::function<void(std::span<const double>)>&)>;

/// The k-th of values that are too many to be kept. All between `low` and `high`, a guess of the
/// value's neighbourhood, are kept; when these are more than `most_kept` they are counted in 65,536 intervals
/// and the interval that holds the k-th is looked at again; when the guess was wrong, the side that holds it.
/// Usually one pass, with any values and any guess at most six. Exact.
/// Requires: values >= +0 or +inf, more than k of them, 0 <= low <= high. Memory: 8 bytes times most_kept,
/// and 1.5 MB.
OrderStatistic order_statistic(const ReplayedValues& values, std::uint64_t k, double low = 0,
                               double high = std::numeric_limits<double>::infinity(),
                               std::size_t most_kept = std::size_t{1} << 22);

}  // namespace chronotope
