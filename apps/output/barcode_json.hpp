// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "chronotope/topology/homology/barcode.hpp"

namespace chronotope::apps {

/// [[birth, death], ...], null for the death of a bar that never dies; every number reads back as the same
/// double.
std::string to_json(const topology::Barcode& barcode);

}  // namespace chronotope::apps
