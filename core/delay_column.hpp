// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "chronotope/core/time.hpp"

namespace chronotope {

/// Delays that differ from synapse to synapse, as whole counts of one unit.
///
/// A count has 32 bits: of the finest of 10^-8, 10^-7 and 10^-6 ms in which the longest delay can be counted.
/// Drawn delays are rounded to it, once; stated ones that are no multiples, and drawn ones that are less than
/// 100 of the finest, are counted in 64-bit ticks.
/// Memory: 4 or 8 bytes per synapse.
class DelayColumn {
 public:
  using Store = std::function<void(std::uint64_t s, double ms)>;
  using DrawAll = std::function<void(const Store&)>;

  DelayColumn() = default;
  /// The nearest whole counts of drawn delays, of which draw_all(store) calls store(s, ms) for each of
  /// `size`, the same every time. Nothing when one is longer than kLongest. Of a part all_fit(fit) says whether a unit
  /// fits all parts. Requires: 0 < ms.
  using AllFit = std::function<bool(bool fit)>;
  static std::optional<DelayColumn> drawn(
      std::size_t size, const DrawAll& draw_all, const AllFit& all_fit = [](bool fit) { return fit; });
  /// Exactly these. Requires: at most kLongest.
  static DelayColumn exact(std::span<const Duration> delays);

  /// What 64-bit ticks can count, and their doubles hold exactly [ms].
  static constexpr double kLongest = 9000;

  std::size_t size() const {
    return std::visit([](const auto& count) { return count.size(); }, counts_);
  }
  /// Whole ticks.
  double ticks(std::size_t s) const {
    return std::visit([&](const auto& count) { return static_cast<double>(count[s]) * unit_; }, counts_);
  }
  Duration operator[](std::size_t s) const {
    const double t = ticks(s);
    return t < kTicksPerEpoch ? Duration::from_parts(0, t) : Duration::from_ticks(t);
  }

  /// use(counts, ticks of one): for inner loops.
  template <class Use>
  auto use(Use use) const {
    return std::visit([&](const auto& count) { return use(std::span(count), unit_); }, counts_);
  }
  /// The same for a caller that may reorder them.
  template <class Use>
  auto use(Use use) {
    return std::visit([&](auto& count) { return use(std::span(count), unit_); }, counts_);
  }

 private:
  template <class Count>
  static std::optional<DelayColumn> drawn_in(std::size_t size, const DrawAll& draw_all, const AllFit& all_fit,
                                             double unit, double fewest);

  std::variant<std::vector<std::uint32_t>, std::vector<std::int64_t>> counts_;
  double unit_ = 1;  // [ticks]
};

}  // namespace chronotope
