// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <csignal>
#include <cstddef>
#include <string>

namespace chronotope::apps {

/// Thrown where work is given up on request; a verb that does not catch it completes no file but those it
/// tells of.
struct Interrupted {
  std::string left = "no output is complete";
};

/// While one lives, Ctrl-C (SIGINT), SIGTERM and SIGHUP set a flag instead of ending the program, so that
/// long work can stop between two events and leave complete files; a second one ends it at once. A SIGHUP
/// that nohup makes the system ignore stays ignored.
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

 private:
  using Handler = void (*)(int);

  static void request(int signal) {
    if (requested_ != 0) {
      std::signal(signal, SIG_DFL);
      std::raise(signal);  // ends the program on return from here
    }
    requested_ = 1;
  }

  inline static volatile std::sig_atomic_t requested_ = 0;  // a signal handler can reach nothing else
  std::array<Handler, kSignals.size()> previous_{};
};

}  // namespace chronotope::apps
