// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace chronotope::apps {

/// What a sweep varies: the value of every path of a specification, as in --set, in every cell.
struct SweepPlan {
  std::vector<std::string> paths;
  std::vector<std::vector<std::string>> settings;  // the values of the paths, in their order

  /// "population.E.I_e=400", for --set.
  std::string assignment(std::size_t setting, std::size_t path) const {
    return paths[path] + "=" + settings[setting][path];
  }
};

/// Every combination of the axes' values, the last axis fastest. An axis is "PATH=V1,V2,..."; commas inside
/// brackets belong to a value. No axes make one cell. Throws InputError for what is no axis, for a path that is
/// named twice, and for more than a million combinations.
SweepPlan grid(const std::vector<std::string>& axes);

/// The rows of a CSV whose first row names the paths. Throws InputError for a table without rows, or one that
/// names a path twice.
SweepPlan read_sweep_table(const std::string& file);

}  // namespace chronotope::apps
