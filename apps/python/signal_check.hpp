// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <pybind11/pybind11.h>

#include <chrono>
#include <thread>

namespace chronotope::apps {

/// Lets Python's signal handlers run during long work without the GIL, so that Ctrl-C ends it: called now and then by
/// the thread that called from Python, it throws what a handler raises, KeyboardInterrupt. On other threads it does
/// nothing, and in most calls no more than look at the clock.
class SignalCheck {
 public:
  void operator()() {
    if (std::this_thread::get_id() != caller_) return;
    const auto now = Clock::now();
    if (now < next_) return;
    next_ = now + kPause;
    const pybind11::gil_scoped_acquire gil;
    if (PyErr_CheckSignals() != 0) throw pybind11::error_already_set();
  }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::milliseconds kPause{20};

  std::thread::id caller_ = std::this_thread::get_id();
  Clock::time_point next_ = Clock::now() + kPause;
};

}  // namespace chronotope::apps
