// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/statistics/stimulus_histogram.hpp"

#include <algorithm>
#include <cassert>

#include "chronotope/apps/statistics/time_bins.hpp"

namespace chronotope::apps {

std::vector<double> stimulus_histogram(std::span<const Time> spikes, std::span<const Time> onsets,
                                       Duration before, Duration width, std::int64_t bins,
                                       std::uint32_t neurons) {
  assert(!onsets.empty() && neurons > 0);
  std::vector<double> histogram(static_cast<std::size_t>(bins), 0);
  for (const Time onset : onsets) {
    const TimeBins around{onset + -before, width, bins};
    for (auto spike = std::lower_bound(spikes.begin(), spikes.end(), around.begin); spike != spikes.end();
         ++spike) {
      const auto bin = around.at(*spike);
      if (!bin) break;
      ++histogram[static_cast<std::size_t>(*bin)];
    }
  }
  const double neuron_seconds =
      static_cast<double>(onsets.size()) * static_cast<double>(neurons) * width.ms() / 1000;
  for (double& value : histogram) value /= neuron_seconds;
  return histogram;
}

}  // namespace chronotope::apps
