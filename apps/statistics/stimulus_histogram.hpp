// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "chronotope/core/time.hpp"

namespace chronotope::apps {

/// The peristimulus time histogram of a population: spikes in equal bins around the onsets of stimuli, as the
/// mean rate of a neuron [Hz], bins in order (Elephant: statistics.time_histogram(trials, output="rate"),
/// over the neurons of all presentations). The first bin begins `before` an onset; one presentation may
/// overlap the next. Requires: spikes ascending, at least one onset and neuron, no onset less than `before`
/// after 0. Cost: O(onsets (log spikes + spikes of one histogram)).
std::vector<double> stimulus_histogram(std::span<const Time> spikes, std::span<const Time> onsets,
                                       Duration before, Duration width, std::int64_t bins,
                                       std::uint32_t neurons);

}  // namespace chronotope::apps
