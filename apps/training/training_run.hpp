// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/program_options.hpp>

namespace chronotope::apps {

/// Teaches a network as the command line of `train` asks, prints how it goes and writes what was asked for.
/// Returns the exit code.
int run_training(const boost::program_options::variables_map& values);

}  // namespace chronotope::apps
