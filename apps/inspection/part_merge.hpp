// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "chronotope/core/time.hpp"

namespace chronotope::apps {

/// What became of parts that were not all complete.
struct CutMerge {
  std::string part;  // one that was cut
  Time end;          // of the last snapshot that all have
};

/// Writes to `out` the stream that the parts of a run together are: byte for byte what one file would have held, but for
/// the summary's costs, which are rank 0's. Where parts were cut it ends with the last snapshot, and its state, that all
/// have. `paths` are in any order. Memory: a frame and a block of spikes per part, 2 bytes per synapse, and of a state
/// what is on its way.
/// Errors: InputError that names the file and what is wrong: no part, one that is missing or there twice, parts of other
/// runs, damaged ones, cut ones without a snapshot that all have. Failure when `out` can not be written; Interrupted.
std::optional<CutMerge> merge_parts(const std::vector<std::string>& paths, const std::string& out);

}  // namespace chronotope::apps
