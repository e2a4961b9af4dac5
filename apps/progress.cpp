// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/progress.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "chronotope/core/printable.hpp"

namespace chronotope::apps {
namespace {

constexpr int kWidth = 30;

std::string remaining(double elapsed, double share) {
  if (share <= 0 || elapsed < 0.5) return "";
  const double seconds = elapsed * (1 - share) / share;
  return seconds < 90 ? fmt::format("  ETA {:.0f} s", seconds)
                      : fmt::format("  ETA {:.0f} min", seconds / 60);
}

}  // namespace

Progress::Progress(std::string task, bool quiet)
    : task_(std::move(task)), visible_(!quiet && ::isatty(STDERR_FILENO) != 0) {}

Progress::~Progress() {
  if (drawn_) fmt::print(stderr, "\r\x1b[K");
}

void Progress::update(double done, double total, const std::string& note) {
  const auto now = Clock::now();
  if (!visible_ || now - last_ < std::chrono::milliseconds(100)) return;
  last_ = now;
  drawn_ = true;
  const double share = total > 0 ? std::clamp(done / total, 0.0, 1.0) : 0;
  const int filled = static_cast<int>(share * kWidth);
  fmt::print(stderr, "\r\x1b[K{} [{}{}] {:3.0f} %{}  {}", task_, std::string(filled, '#'),
             std::string(kWidth - filled, '.'), 100 * share,
             remaining(std::chrono::duration<double>(now - start_).count(), share), printable(note));
  std::fflush(stderr);
}

}  // namespace chronotope::apps
