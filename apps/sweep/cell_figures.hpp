// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "chronotope/apps/statistics/population_trains.hpp"
#include "chronotope/core/time.hpp"
#include "chronotope/proto/statistics.pb.h"
#include "chronotope/proto/stream.pb.h"

namespace chronotope::apps {

/// How the populations of a finished cell fire over [from, end of the run), with the bins and samples that
/// `chronotope statistics` has by default. Errors: InputError for a stream that can not be read, or is not longer
/// than `from`.
std::vector<PopulationStatistics> population_figures(const std::string& stream, Time from);

/// The last epoch of a trained network's stream.
TrainingEpoch last_epoch(const std::string& stream);

}  // namespace chronotope::apps
