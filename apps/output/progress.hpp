// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

namespace chronotope::apps {

/// A bar with the time left on stderr: `simulate [#####.....]  52 %  ETA 12 s`. Silent unless stderr is a
/// terminal and `quiet` is false, or asked to show lines, one every ten seconds; never wider than the terminal (COLUMNS, else what it says). Redrawn at most
/// ten times a second; wiped when destroyed. For one thread.
class Progress {
 public:
  Progress(std::string task, bool quiet, bool lines = false);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Whether update() would show anything now: a note that costs something is made only then.
  bool is_due() const;
  /// `done` of `total` work units; `note` follows the bar.
  void update(double done, double total, const std::string& note = {});

 private:
  using Clock = std::chrono::steady_clock;

  std::string line(double share, const std::string& remaining, const std::string& note) const;

  std::string task_;
  bool visible_;
  bool lines_;
  bool drawn_ = false;
  Clock::time_point start_ = Clock::now();
  Clock::time_point last_{};
};

}  // namespace chronotope::apps
