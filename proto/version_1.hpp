// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chronotope/proto/stream.pb.h"

namespace chronotope::proto {

/// Makes an envelope of a stream of format version 1 what version 2 says: its points in time, in
/// milliseconds, go to the nearest tick; its durations and delays are the decimals that were stated. Throws
/// InputError for a time or length out of range.
void upgrade_from_version_1(Envelope& envelope);

}  // namespace chronotope::proto
