// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace chronotope::apps {

/// A square table of numbers as inline SVG, each in a field that is the darker the larger it is, from 0 to
/// `highest`. Rows and columns bear the same names; an unknown number is a dash.
std::string heat_map(const std::string& title, const std::vector<std::string>& names,
                     const std::vector<std::vector<std::optional<double>>>& values, double highest);

}  // namespace chronotope::apps
