// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <csignal>
#include <mutex>

#include "chronotope/apps/interrupt.hpp"

namespace chronotope::apps {

/// While one lives, work that hears Ctrl-C by an Interrupt may be done; then Python's handlers are put back, with their
/// flags. One at a time: others wait, without the GIL.
class VerbSignals {
 public:
  VerbSignals() : lock_(one_at_a_time_) {
    for (std::size_t i = 0; i < handlers_.size(); ++i)
      ::sigaction(Interrupt::kSignals[i], nullptr, &handlers_[i]);
  }
  ~VerbSignals() {
    for (std::size_t i = 0; i < handlers_.size(); ++i)
      ::sigaction(Interrupt::kSignals[i], &handlers_[i], nullptr);
  }
  VerbSignals(const VerbSignals&) = delete;
  VerbSignals& operator=(const VerbSignals&) = delete;

 private:
  inline static std::mutex one_at_a_time_;  // an Interrupt's flag is the process's
  std::lock_guard<std::mutex> lock_;
  std::array<struct sigaction, Interrupt::kSignals.size()> handlers_{};
};

}  // namespace chronotope::apps
