// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/program_options.hpp>

namespace chronotope::apps {

/// Reads the stimuli of --spikes with the network and the read-out of a checkpoint: prints accuracy and a
/// table of labels and predictions, writes --predictions. Returns the exit code.
int evaluate_trained(const boost::program_options::variables_map& values);

}  // namespace chronotope::apps
