// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/output/progress.hpp"

#include <fmt/core.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "chronotope/core/printable.hpp"

namespace chronotope::apps {
namespace {

constexpr std::size_t kWidest = 30;  // of the bar
constexpr std::size_t kNarrowest = 5;

/// Columns of the terminal: COLUMNS when somebody has set it, else what the terminal says, else 80.
std::size_t terminal_columns() {
  const char* wish = std::getenv("COLUMNS");
  const int wished = wish == nullptr ? 0 : std::atoi(wish);
  if (wished > 0) return static_cast<std::size_t>(wished);
  winsize size{};
  const bool told = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return told ? size.ws_col : 80;
}

std::string remaining(double elapsed, double share) {
  if (share <= 0 || elapsed < 0.5) return "";
  const double seconds = elapsed * (1 - share) / share;
  return seconds < 90 ? fmt::format("  ETA {:.0f} s", seconds)
                      : fmt::format("  ETA {:.0f} min", seconds / 60);
}

}  // namespace

Progress::Progress(std::string task, bool quiet, bool lines)
    : task_(std::move(task)),
      visible_(!quiet && ::isatty(STDERR_FILENO) != 0),
      lines_(!quiet && lines && !visible_) {}

Progress::~Progress() {
  if (drawn_) fmt::print(stderr, "\r\x1b[K");
}

bool Progress::is_due() const {
  const auto pause = lines_ ? std::chrono::milliseconds(10'000) : std::chrono::milliseconds(100);
  return (visible_ || lines_) && Clock::now() - last_ >= pause;
}

void Progress::update(double done, double total, const std::string& note) {
  if (!is_due()) return;
  const auto now = Clock::now();
  last_ = now;
  const double share = total > 0 ? std::clamp(done / total, 0.0, 1.0) : 0;
  if (lines_) {
    fmt::print(stderr, "{} {:.0f} %{}  {}\n", task_, 100 * share,
               remaining(std::chrono::duration<double>(now - start_).count(), share), printable(note));
    return;
  }
  drawn_ = true;
  fmt::print(
      stderr, "\r\x1b[K{}",
      line(share, remaining(std::chrono::duration<double>(now - start_).count(), share), printable(note)));
  std::fflush(stderr);
}

/// What fits into the terminal, one column free for the cursor: the bar gives way first, then the note.
std::string Progress::line(double share, const std::string& remaining, const std::string& note) const {
  const std::size_t columns = std::max<std::size_t>(terminal_columns(), 2) - 1;
  std::string tail = fmt::format("] {:3.0f} %{}", 100 * share, remaining);
  const std::size_t others = task_.size() + 2 + tail.size();
  if (!note.empty() && others + kNarrowest + 2 + note.size() <= columns) tail += "  " + note;
  const std::size_t taken = task_.size() + 2 + tail.size();
  const std::size_t width = std::clamp(columns - std::min(taken, columns), kNarrowest, kWidest);
  const auto filled = static_cast<std::size_t>(share * static_cast<double>(width));
  return (task_ + " [" + std::string(filled, '#') + std::string(width - filled, '.') + tail)
      .substr(0, columns);
}

}  // namespace chronotope::apps
