// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "chronotope/core/network_description.hpp"

namespace chronotope::events {

/// The rewards of a network that are still to come, each in order of time: those that were given, and one per
/// spike of the populations that release them.
class Rewards {
 public:
  explicit Rewards(const std::vector<RewardSpec>& specs) {
    for (const RewardSpec& spec : specs)
      sources_.push_back(
          {{spec.events.begin(), spec.events.end()}, spec.population, spec.amount, spec.delay});
  }

  /// A neuron of `population` fired at t. Requires: spikes in order of time.
  void fired(std::uint32_t population, Time t) {
    for (Source& source : sources_)
      if (source.population == population) source.coming.push_back({t + source.delay, source.amount});
  }
  /// Adds one. Requires: what is not before it has not been told.
  void add(std::uint32_t reward, const RewardEvent& event) {
    std::deque<RewardEvent>& coming = sources_[reward].coming;
    coming.insert(std::upper_bound(coming.begin(), coming.end(), event), event);
  }

  /// Calls take(reward, event) for all before `end`.
  template <class Take>
  void take_until(Time end, Take take) {
    for (std::uint32_t r = 0; r < sources_.size(); ++r) {
      std::deque<RewardEvent>& coming = sources_[r].coming;
      for (; !coming.empty() && coming.front().time < end; coming.pop_front()) take(r, coming.front());
    }
  }

  /// Whether a run can have these before it: in order, finite, none of an earlier time, nor later than the
  /// spikes of a population so far release them.
  bool are_due_after(Time now) const {
    return std::ranges::all_of(sources_, [&](const Source& source) {
      const auto& coming = source.coming;
      return std::ranges::is_sorted(coming) && (coming.empty() || coming.front().time >= now) &&
             std::ranges::all_of(coming, [](const RewardEvent& e) { return std::isfinite(e.amount); }) &&
             (!source.population || coming.empty() || coming.back().time <= now + source.delay);
    });
  }

  template <class Self, class Visit>
  static void state(Self& self, Visit visit) {
    for (auto& source : self.sources_) visit(source.coming);
  }

 private:
  struct Source {
    std::deque<RewardEvent> coming;
    std::optional<std::uint32_t> population;
    double amount;
    Duration delay;
  };
  std::vector<Source> sources_;
};

}  // namespace chronotope::events
