// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "chronotope/topology/homology/parity_field.hpp"
#include "chronotope/topology/homology/prime_field.hpp"

namespace chronotope::topology {

/// A cell and its coefficient in a column; 8 bytes over Z/2.
template <class Field>
struct CellEntry {
  std::uint64_t cell;
  [[no_unique_address]] typename Field::Element coefficient;
};

/// A column of a (co)boundary matrix that is being reduced: a heap of cells, in which a cell may stand
/// several times and counts with the sum of its coefficients. Push and pop cost O(log size).
template <class Field>
class CellColumn {
 public:
  using Entry = CellEntry<Field>;

  explicit CellColumn(const Field& field) : field_(field) {}

  void clear() { entries_.clear(); }
  void push(const Entry& entry) {
    entries_.push_back(entry);
    std::push_heap(entries_.begin(), entries_.end(), is_later);
  }

  /// Takes out the earliest cell whose coefficients do not cancel; nothing when there is none.
  std::optional<Entry> pop() {
    while (!entries_.empty()) {
      Entry sum = pop_one();
      bool cancelled = false;
      while (!entries_.empty() && entries_.front().cell == sum.cell)
        cancelled = add(sum, pop_one(), cancelled);
      if (!cancelled) return sum;
    }
    return std::nullopt;
  }

 private:
  static bool is_later(const Entry& a, const Entry& b) { return a.cell > b.cell; }

  Entry pop_one() {
    std::pop_heap(entries_.begin(), entries_.end(), is_later);
    const Entry entry = entries_.back();
    entries_.pop_back();
    return entry;
  }

  /// Adds `more` to a sum that may be 0; whether it is 0 then.
  bool add(CellEntry<ParityField>&, const CellEntry<ParityField>&, bool is_zero) const { return !is_zero; }
  bool add(CellEntry<PrimeField>& sum, const CellEntry<PrimeField>& more, bool) const {
    sum.coefficient = field_.plus(sum.coefficient, more.coefficient);
    return sum.coefficient == 0;
  }

  const Field& field_;
  std::vector<Entry> entries_;
};

}  // namespace chronotope::topology
