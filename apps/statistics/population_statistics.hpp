// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "chronotope/apps/statistics/population_trains.hpp"
#include "chronotope/core/random_stream.hpp"
#include "chronotope/core/time.hpp"
#include "chronotope/proto/statistics.pb.h"

namespace chronotope::apps {

/// What of a recording is looked at, and how finely.
struct StatisticsPlan {
  Time from;
  Time until;
  Duration bin;              // of correlation and synchrony
  Duration window;           // of the Fano factor
  std::uint32_t sample = 0;  // neurons whose pairs are correlated, at most
};

/// The statistics of the spikes in [from, until). The sample is drawn from the neurons whose counts vary.
/// Requires: from < until, bin and window > 0.
/// Cost: O(spikes log spikes), and O(spikes of a neuron) for each of sample^2/2 pairs.
PopulationStatistics describe(const PopulationTrains& population, const StatisticsPlan& plan,
                              RandomStream sampling);

}  // namespace chronotope::apps
