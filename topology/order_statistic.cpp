// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/order_statistic.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <variant>

namespace chronotope {

namespace {

/// The bits of numbers >= +0 are ordered like the numbers.
std::uint64_t bits(double value) { return std::bit_cast<std::uint64_t>(value); }
double number(std::uint64_t bits) { return std::bit_cast<double>(bits); }

constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Range {
  double low;
  double high;
};

/// One pass over the values, seen through a range of them.
class Pass {
 public:
  Pass(const Range& range, std::size_t most_kept) : range_(range), most_kept_(most_kept) {
    while ((bits(range.high) - bits(range.low)) >> shift_ >= kIntervals) ++shift_;
  }

  void operator()(std::span<const double> values) {
    for (std::size_t begin = 0; begin < values.size(); begin += kPiece)
      take(values.subspan(begin, std::min(kPiece, values.size() - begin)));
  }

  /// The answer, or the range in which to look next.
  std::variant<OrderStatistic, Range> conclude(std::uint64_t k) {
    if (k < below_) return Range{0, number(bits(range_.low) - 1)};
    k -= below_;
    if (k >= inside()) return Range{number(bits(range_.high) + 1), kInfinity};
    return intervals_.empty() ? OrderStatistic(among_kept(k)) : conclude_by_intervals(k);
  }

 private:
  static constexpr std::size_t kIntervals = std::size_t{1} << 16;

  static constexpr std::size_t kPiece = 64;

  struct Interval {
    std::uint64_t count = 0;
    double least = kInfinity;
    double largest = 0;
  };

  /// Most pieces hold no value inside the range, and then there is no branch.
  void take(std::span<const double> piece) {
    std::uint64_t below = 0;
    std::uint64_t above = 0;
    double least_above = kInfinity;
    for (const double x : piece) {
      below += x < range_.low;
      above += x > range_.high;
      least_above = std::min(least_above, x > range_.high ? x : kInfinity);
    }
    below_ += below;
    any_above_ = any_above_ || above > 0;
    least_above_ = std::min(least_above_, least_above);
    if (below + above == piece.size()) return;
    for (const double x : piece)
      if (x >= range_.low && x <= range_.high) keep(x);
  }

  void keep(double x) {
    if (!intervals_.empty()) return count(x);
    kept_.push_back(x);
    if (kept_.size() <= most_kept_) return;
    intervals_.resize(kIntervals);
    for (const double y : kept_) count(y);
    kept_ = {};
  }

  void count(double x) {
    Interval& interval = intervals_[(bits(x) - bits(range_.low)) >> shift_];
    ++interval.count;
    interval.least = std::min(interval.least, x);
    interval.largest = std::max(interval.largest, x);
    ++counted_;
  }

  std::uint64_t inside() const { return kept_.size() + counted_; }

  OrderStatistic among_kept(std::uint64_t k) {
    const auto nth = kept_.begin() + static_cast<std::ptrdiff_t>(k);
    std::nth_element(kept_.begin(), nth, kept_.end());
    const auto next = std::min_element(nth + 1, kept_.end());
    return {*nth, next != kept_.end() ? *next : after_range(*nth)};
  }

  std::variant<OrderStatistic, Range> conclude_by_intervals(std::uint64_t k) {
    auto interval = intervals_.begin();
    for (; k >= interval->count; ++interval) k -= interval->count;
    if (interval->least < interval->largest) return Range{interval->least, interval->largest};
    if (k + 1 < interval->count) return OrderStatistic{interval->least, interval->least};
    const auto next =
        std::find_if(interval + 1, intervals_.end(), [](const Interval& i) { return i.count > 0; });
    return OrderStatistic{interval->least,
                          next != intervals_.end() ? next->least : after_range(interval->least)};
  }

  /// What follows `value`, the last inside the range.
  double after_range(double value) const { return any_above_ ? least_above_ : value; }

  Range range_;
  std::size_t most_kept_;
  int shift_ = 0;
  std::uint64_t below_ = 0;
  std::uint64_t counted_ = 0;
  bool any_above_ = false;
  double least_above_ = kInfinity;
  std::vector<double> kept_;
  std::vector<Interval> intervals_;
};

}  // namespace

OrderStatistic order_statistic(const ReplayedValues& values, std::uint64_t k, double low, double high,
                               std::size_t most_kept) {
  assert(0 <= low && low <= high);
  Range range{low, high};
  while (true) {
    Pass pass(range, most_kept);
    values([&](std::span<const double> piece) { pass(piece); });
    const auto conclusion = pass.conclude(k);
    if (const auto* found = std::get_if<OrderStatistic>(&conclusion)) return *found;
    range = std::get<Range>(conclusion);
  }
}

}  // namespace chronotope
