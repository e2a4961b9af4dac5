// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "chronotope/models/learning/gradient_method.hpp"

namespace chronotope::models {

/// Who fired in which step of the grid: of one item, either all neurons or all input channels. Steps count
/// from 1; before them is nothing.
class StepLists {
 public:
  void clear() {
    begin_.assign(2, 0);
    who_.clear();
    times_.clear();
  }
  /// Of the step now open.
  void add(std::uint32_t who) {
    who_.push_back(who);
    times_.push_back(1);
  }
  /// Ends the open step.
  void end_step() { begin_.push_back(static_cast<std::uint32_t>(who_.size())); }

  /// The spikes of the channels on a grid: those in ((t - 1) dt, t dt] belong to step t, one that is less
  /// than 1e-9 dt after t dt too, one at the very begin to the first.
  void assign(const Item& item, Duration dt, std::uint32_t steps) { assign(item.spikes, dt, steps); }
  void assign(std::span<const ChannelSpike> spikes, Duration dt, std::uint32_t steps);

  std::uint32_t steps() const { return static_cast<std::uint32_t>(begin_.size() - 2); }
  std::span<const std::uint32_t> who(std::int64_t step) const { return part(who_, step); }
  /// How often each of them fired.
  std::span<const std::uint32_t> times(std::int64_t step) const { return part(times_, step); }

 private:
  std::span<const std::uint32_t> part(const std::vector<std::uint32_t>& all, std::int64_t step) const {
    if (step < 1 || step > steps()) return {};
    const auto t = static_cast<std::size_t>(step);
    return std::span(all).subspan(begin_[t], begin_[t + 1] - begin_[t]);
  }

  std::vector<std::uint32_t> begin_{0, 0};  // of step t at place t, and where the last ends
  std::vector<std::uint32_t> who_;
  std::vector<std::uint32_t> times_;
};

/// The steps an item takes: its duration in steps, rounded up.
std::uint32_t grid_steps(const Item& item, Duration dt);

}  // namespace chronotope::models
