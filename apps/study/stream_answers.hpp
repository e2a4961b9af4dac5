// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "chronotope/topology/representation/snapshot_reader.hpp"

namespace chronotope::apps {

/// What all neurons of a stream answer to its stimuli, as one layer. Errors: InputError as SnapshotReader's.
topology::Activations stream_answers(const std::string& stream, const topology::ActivationOptions& options,
                                     topology::Presentations presentations);

}  // namespace chronotope::apps
