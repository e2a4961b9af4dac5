// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>

#include "chronotope/proto/stream.pb.h"
#include "chronotope/topology/representation.hpp"
#include "chronotope/topology/rtd.hpp"

namespace chronotope::apps {

RtdReport to_report(const std::string& layer, const RtdResult& result);

/// RTD of each of the layers L1 .. L5 of two networks. A silent or constant layer is a missing value with its
/// reason. Throws InputError when the two were not shown the same stimuli in the same order.
std::array<RtdReport, kLayers> layer_divergence(const Representation& a, const Representation& b,
                                                const RtdOptions& options);

}  // namespace chronotope::apps
