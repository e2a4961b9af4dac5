// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

#include "chronotope/core/error.hpp"
#include "chronotope/core/time.hpp"

namespace chronotope {

/// The recent spikes of one neuron, as much of each as somebody still needs.
///
/// Entries are numbered from 0 over the whole run; the oldest are dropped once nobody needs them. Numbers
/// wrap after 2^32, which is harmless while fewer than 2^31 entries are kept. The newest entry, which nearly
/// all readers want, lies in the object itself, most of it in its first line of memory; the times of all lie
/// side by side once more, if wanted, for sums over many. Requires of an entry: a member `at`, its time.
/// Cost: O(1) amortised per entry; at most twice the memory of the entries kept.
template <class Entry>
class alignas(64) SpikeRecord {
 public:
  explicit SpikeRecord(bool keeps_times) : keeps_times_(keeps_times) {}

  bool empty() const { return first_ == end_; }
  /// The number of the oldest entry kept, and the one the next entry will have.
  std::uint32_t begin() const { return first_; }
  std::uint32_t end() const { return end_; }

  /// Requires: begin() <= number < end().
  const Entry& operator[](std::uint32_t number) const {
    return number + 1 == end_ ? newest_ : older_[head_ + (number - first_)];
  }
  /// Requires: not empty.
  const Entry& back() const { return newest_; }
  /// The times of all entries kept, in order. Requires: it keeps them.
  std::span<const Time> times() const { return std::span(times_).subspan(head_); }

  void push(const Entry& entry) {
    if (!empty()) older_.push_back(newest_);
    newest_ = entry;
    if (keeps_times_) times_.push_back(entry.at);
    ++end_;
  }

  /// Drops all entries before `number`. Requires: begin() <= number < end().
  void drop_before(std::uint32_t number) {
    head_ += number - first_;
    first_ = number;
    if (2 * head_ <= older_.size()) return;
    older_.erase(older_.begin(), older_.begin() + static_cast<std::ptrdiff_t>(head_));
    if (keeps_times_) times_.erase(times_.begin(), times_.begin() + static_cast<std::ptrdiff_t>(head_));
    head_ = 0;
  }

  /// All entries kept, and their numbers.
  template <class Self, class Visit>
  static void state(Self& self, Visit visit) {
    if constexpr (!std::is_const_v<Self>) self.head_ = 0;
    visit(self.first_, self.end_, self.newest_);
    self.visit_older(visit);
  }
  void restored() {
    if (older_.size() + 1 != end_ - first_ && !(empty() && older_.empty())) throw InputError("is damaged");
    times_.clear();
    if (!keeps_times_ || empty()) return;
    for (const Entry& entry : older_) times_.push_back(entry.at);
    times_.push_back(newest_.at);
  }

 private:
  template <class Visit>
  void visit_older(Visit visit) const {
    visit(std::vector<Entry>(older_.begin() + static_cast<std::ptrdiff_t>(head_), older_.end()));
  }
  template <class Visit>
  void visit_older(Visit visit) {
    visit(older_);
  }

  std::uint32_t first_ = 0;
  std::uint32_t end_ = 0;
  Entry newest_{};
  std::uint32_t head_ = 0;  // of older_, entries before it were dropped
  bool keeps_times_;
  std::vector<Entry> older_;
  std::vector<Time> times_;
};

}  // namespace chronotope
