// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/program_options.hpp>
#include <vector>

#include "chronotope/apps/options/options.hpp"
#include "chronotope/apps/runs/accuracy.hpp"

namespace chronotope::apps {

/// Which time steps are compared with the exact run, how they step, and what is measured.
std::vector<OptionGroup> accuracy_options();
AccuracyPlan read_accuracy_plan(const boost::program_options::variables_map& values);

}  // namespace chronotope::apps
