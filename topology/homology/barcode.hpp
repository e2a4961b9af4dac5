// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstddef>
#include <limits>
#include <vector>

namespace chronotope::topology {

/// One feature of a filtration, alive on [birth, death); death is +inf for a feature that never dies.
struct Bar {
  double birth = 0;
  double death = std::numeric_limits<double>::infinity();

  double length() const { return death - birth; }
  bool is_finite() const { return death < std::numeric_limits<double>::infinity(); }

  friend auto operator<=>(const Bar&, const Bar&) = default;
};

/// The bars of one degree. Invariants: sorted by (birth, death); no bar has length 0.
class Barcode {
 public:
  Barcode() = default;
  /// Sorts the bars and drops those of length 0.
  explicit Barcode(std::vector<Bar> bars);

  const std::vector<Bar>& bars() const { return bars_; }
  std::size_t size() const { return bars_.size(); }
  bool empty() const { return bars_.empty(); }

  std::size_t infinite_bars() const;
  /// Sum over the finite bars, in their order: the same bits for the same bars.
  double total_finite_length() const;
  /// Ascending lengths of the finite bars.
  std::vector<double> finite_lengths() const;

  friend bool operator==(const Barcode&, const Barcode&) = default;

 private:
  std::vector<Bar> bars_;
};

}  // namespace chronotope::topology
