// SPDX-License-Identifier: Apache-2.0
#include "chronotope/events/homeostasis.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "chronotope/events/projection_index.hpp"

namespace chronotope::events {
namespace {

/// The sum of the magnitudes of the weights onto each of targets [first, last).
std::vector<double> sums_of_magnitudes(const SynapseGroup& projection, std::uint32_t first,
                                       std::uint32_t last) {
  const Connectivity& connectivity = projection.connectivity();
  std::vector<double> sum(last - first, 0);
  for (SegmentId g{0}; index(g) < connectivity.segment_count(); g = SegmentId{index(g) + 1})
    for (const SynapseId s : connectivity.synapses(g, first, last))
      sum[index(connectivity.target(s)) - first] += std::abs(projection.weight(s));
  return sum;
}

}  // namespace

Homeostasis::Homeostasis(std::span<const std::unique_ptr<SynapseGroup>> projections) {
  for (const auto& projection : projections)
    if (projection->is_plastic() && projection->scaling())
      due_ = std::min(due_, projection->scaling()->due());
}

void Homeostasis::scale(SynapseGroup& projection, std::uint32_t first, std::uint32_t last) const {
  if (!projection.scaling() || projection.scaling()->due() != due_) return;
  const Connectivity& connectivity = projection.connectivity();
  settle(projection, first, last, due_, [&](SegmentId g) { return connectivity.delay(g); });
  const std::vector<double> sum = sums_of_magnitudes(projection, first, last);
  std::vector<double> factor;
  for (std::uint32_t n = first; n < last; ++n)
    factor.push_back(projection.scaling()->factor(NeuronId{n}, sum[n - first]));
  for (SegmentId g{0}; index(g) < connectivity.segment_count(); g = SegmentId{index(g) + 1})
    projection.scale(g, first, last, due_, factor);
}

void Homeostasis::advance(std::span<const std::unique_ptr<SynapseGroup>> projections) {
  const Time now = std::exchange(due_, Time::never());
  for (const auto& projection : projections) {
    auto& scaling = projection->scaling();
    if (!scaling) continue;
    if (scaling->due() == now) scaling->advance();
    due_ = std::min(due_, scaling->due());
  }
}

}  // namespace chronotope::events
