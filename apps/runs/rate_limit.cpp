// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/runs/rate_limit.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "chronotope/core/printable.hpp"

namespace chronotope::apps {

RateLimit::RateLimit(double most, const NetworkDescription& network)
    : most_(most), network_(network), spikes_(network.populations.size()) {}

void RateLimit::check(Time now) {
  constexpr double kSpanMs = 100;
  const double passed = (now - begin_).ms();
  if (most_ > 0)
    for (std::size_t p = 0; p < spikes_.size(); ++p) {
      const double neurons = network_.populations[p].size;
      const double rate = static_cast<double>(spikes_[p]) / neurons / (1e-3 * std::max(passed, kSpanMs));
      if (rate > most_)
        throw Exceeded{fmt::format(
            "stopped at {} ms: population {} fires at {:.4g} Hz, above --max-rate {:.6g}; the state is in the "
            "outputs",
            to_text(now), printable(network_.populations[p].name),
            static_cast<double>(spikes_[p]) / neurons / (1e-3 * std::max(passed, 1.0)), most_)};
    }
  if (passed < kSpanMs) return;
  begin_ = now;
  std::fill(spikes_.begin(), spikes_.end(), 0);
}

}  // namespace chronotope::apps
