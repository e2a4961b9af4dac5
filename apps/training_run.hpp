// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/program_options.hpp>
#include <string>
#include <vector>

namespace chronotope::apps {

/// Options of `train` that name files to write.
extern const std::vector<std::string> kTrainingOutputs;

/// Teaches a network as the command line of `train` asks, prints how it goes and writes what was asked for.
/// Returns the exit code.
int run_training(const boost::program_options::variables_map& values);

}  // namespace chronotope::apps
