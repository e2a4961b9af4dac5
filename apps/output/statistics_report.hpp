// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/program_options.hpp>
#include <string>
#include <vector>

#include "chronotope/apps/options/options.hpp"
#include "chronotope/proto/statistics.pb.h"

namespace chronotope::apps {

/// What of a recording is looked at: the part of it, bins and windows, histograms around stimuli.
std::vector<OptionGroup> statistics_options();

/// How the populations of the stream or table at `path` fire. Throws InputError for what can not be read or lies outside
/// of it.
StatisticsReport make_statistics_report(const boost::program_options::variables_map& values,
                                        const std::string& path);

}  // namespace chronotope::apps
