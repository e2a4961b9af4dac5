// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/inspection/wiring_comparison.hpp"

#include <algorithm>

namespace chronotope::apps {

void WiringComparison::take(std::size_t side, const Synapses& chunk) {
  Projection& projection = projections_[chunk.projection()];
  Result& result = projection.result;
  for (int k = 0; k < chunk.source_size(); ++k) {
    const std::int64_t epochs = k < chunk.delay_epochs_size() ? chunk.delay_epochs(k) : 0;
    projection.waiting[side].push_back(
        {chunk.source(k), chunk.target(k),
         Duration::from_parts(epochs, 0) + Duration::from_ticks(static_cast<double>(chunk.delay_ticks(k)))});
    ++result.count[side];
  }
  auto& [a, b] = projection.waiting;
  for (; !a.empty() && !b.empty(); ++projection.compared) {
    if (a.front() != b.front()) {
      if (!result.first) result.first = projection.compared;
      ++result.differing;
    }
    a.pop_front();
    b.pop_front();
  }
}

std::map<std::uint32_t, WiringComparison::Result> WiringComparison::results() const {
  std::map<std::uint32_t, Result> all;
  for (const auto& [number, projection] : projections_) {
    Result& result = all[number] = projection.result;
    if (!result.first && result.count[0] != result.count[1])
      result.first = std::min(result.count[0], result.count[1]);
  }
  return all;
}

}  // namespace chronotope::apps
