// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace chronotope {

/// The fewest letters inserted, deleted, changed or swapped with their neighbour that turn `a` into `b`
/// (optimal string alignment; Damerau 1964); capitals do not count. Cost: |a| |b|.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// Those of `names` whoever wrote `name` may have meant: the nearest by edit distance, at most half the
/// longer one's length away; a name that begins with the other is one away. None when nothing is near.
std::vector<std::string> near_names(std::string_view name, const std::vector<std::string>& names);

/// "did you mean tau_m or tau_w?", or "must be one of" all names when none is near.
std::string suggest(std::string_view name, const std::vector<std::string>& names);

}  // namespace chronotope
