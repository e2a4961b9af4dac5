// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/output/run_pace.hpp"

#include <fmt/format.h>

#include "chronotope/apps/runs/resources.hpp"

namespace chronotope::apps {

std::string RunPace::note(Time now, std::uint64_t events, const std::optional<Time>& saved) {
  constexpr double kSeconds = 1;
  if (!mark_) mark_ = Mark{std::chrono::steady_clock::now(), now, events};
  const double seconds = seconds_since(mark_->at);
  if (seconds >= kSeconds || (speed_ == 0 && seconds > 0)) {
    speed_ = 1e-3 * (now - mark_->time).ms() / seconds;
    rate_ = static_cast<double>(events - mark_->events) / seconds;
  }
  if (seconds >= kSeconds) mark_ = Mark{std::chrono::steady_clock::now(), now, events};
  std::string text = fmt::format("{:.0f} ms  {:.2g}x  {:.2g} events/s", now.to_ms(), speed_, rate_);
  if (saved) text += fmt::format("  saved {:.0f}", saved->to_ms());
  return text;
}

}  // namespace chronotope::apps
