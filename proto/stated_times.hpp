// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "chronotope/proto/network_spec.pb.h"

namespace chronotope::proto {

/// How many of the times a specification states have more than 12 decimals of a millisecond, so that they are
/// rounded: delays, refractory periods, spike times and the like; not time constants, nor what files that it
/// names hold, nor what is drawn.
std::uint64_t count_rounded_times(const NetworkSpec& spec);

}  // namespace chronotope::proto
