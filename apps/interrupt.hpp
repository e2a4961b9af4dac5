// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <string>

namespace chronotope::apps {

/// Thrown where work is given up on request; a verb that does not catch it completes no file but those it
/// tells of.
struct Interrupted {
  std::string left = "no output is complete";
};

/// While one lives, Ctrl-C (SIGINT), SIGTERM and SIGHUP set a flag instead of ending the program, so that
/// long work can stop between two events and leave complete files; a second one ends it at once, if it comes
/// kPatienceNs after the first or later: `timeout`, a closing terminal and a batch system send several
/// signals for one wish. A SIGHUP that nohup makes the system ignore stays ignored.
class Interrupt {
 public:
  Interrupt() {
    requested_ = 0;
    for (std::size_t i = 0; i < kSignals.size(); ++i) previous_[i] = std::signal(kSignals[i], request);
    if (previous_.back() == SIG_IGN) std::signal(kSignals.back(), SIG_IGN);  // nohup
  }
  ~Interrupt() {
    for (std::size_t i = 0; i < kSignals.size(); ++i) std::signal(kSignals[i], previous_[i]);
  }
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  static bool requested() { return requested_ != 0; }
  /// Throws Interrupted when requested.
  static void check() {
    if (requested()) throw Interrupted();
  }
  static constexpr int kExitCode = 130;
  static constexpr std::array kSignals{SIGINT, SIGTERM, SIGHUP};
  static constexpr std::int64_t kPatienceNs = 200'000'000;

 private:
  using Handler = void (*)(int);

  static void request(int signal) {
    const std::int64_t now = monotonic_ns();
    if (requested_ == 0) {
      first_ns_ = now;
      requested_ = 1;
    } else if (now - first_ns_ >= kPatienceNs) {
      std::signal(signal, SIG_DFL);
      std::raise(signal);  // ends the program on return from here
    }
  }

  static std::int64_t monotonic_ns() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);  // safe in a handler
    return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
  }

  inline static volatile std::sig_atomic_t requested_ = 0;  // a signal handler can reach nothing else
  inline static std::atomic<std::int64_t> first_ns_ = 0;
  static_assert(std::atomic<std::int64_t>::is_always_lock_free);
  std::array<Handler, kSignals.size()> previous_{};
};

}  // namespace chronotope::apps
