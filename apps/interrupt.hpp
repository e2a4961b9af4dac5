// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <csignal>

namespace chronotope::apps {

/// While one lives, Ctrl-C (SIGINT) and SIGTERM set a flag instead of ending the program, so that long work
/// can stop between two events and leave complete files.
class Interrupt {
 public:
  Interrupt() {
    requested_ = 0;
    previous_int_ = std::signal(SIGINT, [](int) { requested_ = 1; });
    previous_term_ = std::signal(SIGTERM, [](int) { requested_ = 1; });
  }
  ~Interrupt() {
    std::signal(SIGINT, previous_int_);
    std::signal(SIGTERM, previous_term_);
  }
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  static bool requested() { return requested_ != 0; }
  static constexpr int kExitCode = 130;

 private:
  using Handler = void (*)(int);

  inline static volatile std::sig_atomic_t requested_ = 0;  // a signal handler can reach nothing else
  Handler previous_int_;
  Handler previous_term_;
};

}  // namespace chronotope::apps
