// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "chronotope/core/network_description.hpp"
#include "chronotope/core/part.hpp"
#include "chronotope/proto/stream.pb.h"

namespace chronotope::apps {

/// The file of a rank's part of a stream (--split-output): run.3.pb of run.pb, run.3.pb.zst of run.pb.zst.
std::string part_path(const std::string& stream, unsigned rank);

/// What a rank has of a network's neurons. `run` is what all parts of the run have in common.
StreamPart part_of_run(const NetworkDescription& network, const Part& part, const std::string& run);

}  // namespace chronotope::apps
