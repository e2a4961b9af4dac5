// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/ranks/rank_watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>

#include "chronotope/apps/runs/rank_cost.hpp"
#include "chronotope/core/part.hpp"

namespace chronotope::apps {

std::optional<std::string> RankWatch::complaint(double cpu_seconds) const {
  constexpr std::uint64_t kFew = 100;  // meetings that say nothing about a run
  const Exchange::Spent& now = exchange_->spent();
  const std::uint64_t meetings = now.calls - begin_.calls;
  const double own = std::max(0.0, cpu_seconds - (now.cpu_seconds - begin_.cpu_seconds));
  const double all = 1e-9 * static_cast<double>(Part(*exchange_).sum(static_cast<std::uint64_t>(1e9 * own)));
  const double meeting = meeting_seconds();
  if (!exchange_->is_root() || meetings < kFew) return {};
  const double work = all / static_cast<double>(meetings);
  if (!is_too_short(work, meeting)) return {};
  return fmt::format(
      "{} ranks do not pay: between two of {} meetings all neurons together took {:.3g} us of CPU time, and a "
      "meeting lasts {:.3g} us (docs/ranks.md)",
      exchange_->ranks(), meetings, 1e6 * work, 1e6 * meeting);
}

double RankWatch::meeting_seconds() const {
  using Clock = std::chrono::steady_clock;
  std::array<double, 31> seconds{};
  for (double& s : seconds) {
    const auto begin = Clock::now();
    exchange_->all("");
    s = std::chrono::duration<double>(Clock::now() - begin).count();
  }
  const auto middle = seconds.begin() + seconds.size() / 2;
  std::nth_element(seconds.begin(), middle, seconds.end());
  return *middle;
}

}  // namespace chronotope::apps
