// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "chronotope/core/exchange.hpp"

namespace chronotope::apps {

/// Whether a run on ranks pays: what they do between two meetings beside what a meeting costs them.
class RankWatch {
 public:
  /// From now on.
  explicit RankWatch(Exchange& exchange) : exchange_(&exchange), begin_(exchange.spent()) {}

  /// When all neurons together have taken less CPU time between two meetings than ten meetings last, a line that says
  /// so, at rank 0. `cpu_seconds` is what this rank has used since the begin, with its meetings. All ranks call it at
  /// once. Cost: some dozen meetings.
  std::optional<std::string> complaint(double cpu_seconds) const;

 private:
  /// Of a meeting at which nobody has anything to say, the median of some [s].
  double meeting_seconds() const;

  Exchange* exchange_;
  Exchange::Spent begin_;
};

}  // namespace chronotope::apps
