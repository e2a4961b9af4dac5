// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "chronotope/core/time.hpp"

namespace chronotope::events {

/// When all neurons of a lane are looked at together: at the begin of every span as long as so many
/// would be looked at one by one that a sweep over all is cheaper. In silence nothing is looked at.
///
/// A look at one neuron costs some 20 ns, mostly waiting for its memory; a sweep 1 to 2 ns per neuron.
class ScanSchedule {
 public:
  enum class Step { kNone, kScan, kStop };

  /// Of `size` neurons, every `span`, of which a whole number makes an epoch.
  ScanSchedule(std::uint32_t size, Offset span) : span_(span), size_(size) {}

  bool is_on() const { return on_; }
  /// When the current span ends.
  Time end() const { return end_; }
  Time next() const { return on_ ? end_ : Time::never(); }
  /// What a window that begins at `begin` may not reach across.
  Time limit(Time begin) const {
    if (!on_) return Time::never();
    return begin < end_ ? end_ : end_ + span_;
  }

  /// A neuron was looked at on its own.
  void count_look() { ++looks_; }

  /// What is to be done at the begin of a window: after kStop every neuron has to be looked at on its own.
  Step advance(Time begin, Time window_end) {
    if (begin < end_) return Step::kNone;
    const double spans =
        std::ceil((begin - end_).ms() / span_.ms() + 1);  // since the last call that came to here
    const double looks = static_cast<double>(looks_) / (spans * size_);
    const bool was_on = on_;
    on_ = looks > (was_on ? kSparse : kDense);
    end_ = std::max(end_of_span(begin), window_end);
    looks_ = 0;
    if (on_) return Step::kScan;
    return was_on ? Step::kStop : Step::kNone;
  }
  /// Nobody is to be looked at together for a while.
  void stop() {
    on_ = false;
    looks_ = 0;
  }
  /// Everybody has been looked at, which says nothing about how many will be.
  void forget_looks() { looks_ = 0; }

 private:
  static constexpr double kDense = 1.0 / 8;
  static constexpr double kSparse = 1.0 / 64;

  Time end_of_span(Time t) const {
    const double spans = std::floor(t.ticks() / span_.ticks);
    return Time::from_parts(t.epoch(), spans * span_.ticks) + span_;
  }

  Offset span_;
  std::uint32_t size_;
  std::uint64_t looks_ = 0;  // in the current span
  bool on_ = false;
  Time end_;
};

}  // namespace chronotope::events
