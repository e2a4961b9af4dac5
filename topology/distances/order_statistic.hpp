// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <vector>

namespace chronotope::topology {

/// The k-th smallest of many values, counted from 0, and the one after it (itself when k is the last).
struct OrderStatistic {
  double value = 0;
  double next = 0;
};

/// What takes the values when they are looked at: only those in [low, high] matter one by one.
struct ValueLook {
  double low;
  double high;
  /// Values, in pieces, in any order.
  std::function<void(std::span<const double>)> take;
  /// So many others are known to be below `low` and above `high`.
  std::function<void(std::uint64_t below, std::uint64_t above)> count;
};

/// Gives every value once to its argument. May be called again: the same values come.
using ReplayedValues = std::function<void(const ValueLook&)>;

/// The k-th of values that are too many to be kept. All between `low` and `high`, a guess of the
/// value's neighbourhood, are kept; when these are more than `most_kept` they are counted in 65,536 intervals
/// and the interval that holds the k-th is looked at again; when the guess was wrong, the side that holds it;
/// when the k-th is the last of a range, what follows it. Usually one look, with any values and any guess at
/// most ten. Exact.
/// Requires: values >= +0 or +inf, more than k of them, 0 <= low <= high. Memory: 8 bytes times most_kept,
/// and 1.5 MB.
OrderStatistic order_statistic(const ReplayedValues& values, std::uint64_t k, double low = 0,
                               double high = std::numeric_limits<double>::infinity(),
                               std::size_t most_kept = std::size_t{1} << 22);

}  // namespace chronotope::topology
