// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "chronotope/core/network_description.hpp"
#include "chronotope/core/time.hpp"
#include "chronotope/proto/stream.pb.h"

namespace chronotope::apps {

/// How often every population fired during a run.
class PopulationRates {
 public:
  explicit PopulationRates(const NetworkDescription& network);

  void add_spike(std::uint32_t population) { ++spikes_[population]; }
  /// Into the summary of a run that went from 0 to `until`.
  void summarise(Time until, RunSummary& summary) const;

  template <class Self, class Visit>
  static void state(Self& self, Visit visit) {
    visit(self.spikes_);
  }

 private:
  std::vector<std::string> names_;
  std::vector<std::uint32_t> sizes_;
  std::vector<std::uint64_t> spikes_;
};

/// One line for each of the first populations of a summary, and how many more there are.
std::string rates_text(const RunSummary& summary);

}  // namespace chronotope::apps
