// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace chronotope {

/// The recent spikes of one neuron, as much of each as somebody still needs.
///
/// Entries are numbered from 0 over the whole run; the oldest are dropped once nobody needs them. Numbers
/// wrap after 2^32, which is harmless while fewer than 2^31 entries are kept. Cost: O(1) amortised per entry;
/// at most twice the memory of the entries kept.
template <class Entry>
class SpikeRecord {
 public:
  bool empty() const { return head_ == entries_.size(); }
  /// The number of the oldest entry kept, and the one the next entry will have.
  std::uint32_t begin() const { return first_; }
  std::uint32_t end() const { return first_ + static_cast<std::uint32_t>(entries_.size() - head_); }

  /// Requires: begin() <= number < end().
  const Entry& operator[](std::uint32_t number) const {
    return entries_[head_ + static_cast<std::uint32_t>(number - first_)];
  }
  /// Requires: not empty.
  const Entry& back() const { return entries_.back(); }

  void push(const Entry& entry) { entries_.push_back(entry); }

  /// Drops all entries before `number`. Requires: begin() <= number <= end().
  void drop_before(std::uint32_t number) {
    head_ += static_cast<std::uint32_t>(number - first_);
    first_ = number;
    if (2 * head_ <= entries_.size()) return;
    entries_.erase(entries_.begin(), entries_.begin() + static_cast<std::ptrdiff_t>(head_));
    head_ = 0;
  }

 private:
  std::vector<Entry> entries_;
  std::size_t head_ = 0;  // entries before it were dropped
  std::uint32_t first_ = 0;
};

}  // namespace chronotope
