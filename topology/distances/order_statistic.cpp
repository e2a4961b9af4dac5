// SPDX-License-Identifier: Apache-2.0
#include "chronotope/topology/distances/order_statistic.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <variant>

namespace chronotope::topology {

namespace {

/// The bits of numbers >= +0 are ordered like the numbers.
std::uint64_t bits(double value) { return std::bit_cast<std::uint64_t>(value); }
double number(std::uint64_t bits) { return std::bit_cast<double>(bits); }

constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Range {
  double low;
  double high;
};

using Conclusion = std::variant<OrderStatistic, Range>;

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

  void count_outside(std::uint64_t below, std::uint64_t above) {
    below_ += below;
    any_above_ = any_above_ || above > 0;
  }

  /// The answer, or the range in which to look next.
  Conclusion conclude(std::uint64_t k) {
    if (k < below_) return Range{0, number(bits(range_.low) - 1)};
    k -= below_;
    if (k >= inside()) return Range{number(bits(range_.high) + 1), kInfinity};
    return intervals_.empty() ? conclude_among_kept(k) : conclude_by_intervals(k);
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
    for (const double x : piece) {
      below += x < range_.low;
      above += x > range_.high;
    }
    count_outside(below, above);
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

  Conclusion conclude_among_kept(std::uint64_t k) {
    const auto nth = kept_.begin() + static_cast<std::ptrdiff_t>(k);
    std::nth_element(kept_.begin(), nth, kept_.end());
    const auto next = std::min_element(nth + 1, kept_.end());
    return next != kept_.end() ? OrderStatistic{*nth, *next} : conclude_by_last(*nth);
  }

  Conclusion conclude_by_intervals(std::uint64_t k) {
    auto interval = intervals_.begin();
    for (; k >= interval->count; ++interval) k -= interval->count;
    if (interval->least < interval->largest) return Range{interval->least, interval->largest};
    if (k + 1 < interval->count) return OrderStatistic{interval->least, interval->least};
    const auto next =
        std::find_if(interval + 1, intervals_.end(), [](const Interval& i) { return i.count > 0; });
    return next != intervals_.end() ? OrderStatistic{interval->least, next->least}
                                    : conclude_by_last(interval->least);
  }

  /// The k-th is the last inside the range.
  Conclusion conclude_by_last(double value) const {
    return any_above_ ? Conclusion(Range{value, kInfinity}) : OrderStatistic{value, value};
  }

  Range range_;
  std::size_t most_kept_;
  int shift_ = 0;
  std::uint64_t below_ = 0;
  std::uint64_t counted_ = 0;
  bool any_above_ = false;
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
    values({range.low, range.high, [&](std::span<const double> piece) { pass(piece); },
            [&](std::uint64_t below, std::uint64_t above) { pass.count_outside(below, above); }});
    const auto conclusion = pass.conclude(k);
    if (const auto* found = std::get_if<OrderStatistic>(&conclusion)) return *found;
    range = std::get<Range>(conclusion);
  }
}

}  // namespace chronotope::topology
