// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>

#include "chronotope/proto/stream.pb.h"
#include "chronotope/topology/representation/representation.hpp"

namespace chronotope::apps {

/// A report as lines of text: the score with its spread, the interval, CKA, shuffled scores, longest bars.
std::string to_text(const RtdReport& report);
/// "0.93", "undefined", or nothing where there is no CKA to tell.
std::string cka_text(const RtdReport& report);

/// "40 rows, 3 columns (id, x, y)": the first eight names, if there are any.
std::string to_text(const TableReport& table);

/// Where a representation comes from, in one line: "A run.pb at 2000 ms: 240 stimuli, count, own layers of
/// 450 216 100 9 225 neurons".
std::string described(const std::string& whose, const topology::Representation& representation);

/// Scores of layer i of A (rows) against layer j of B (columns); a dash for a missing one.
std::string to_text(const std::array<std::array<RtdReport, topology::kLayers>, topology::kLayers>& pairs);

}  // namespace chronotope::apps
