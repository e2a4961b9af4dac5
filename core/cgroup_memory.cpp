// SPDX-License-Identifier: Apache-2.0
#include "chronotope/core/cgroup_memory.hpp"

#include <algorithm>
#include <fstream>
#include <string>

namespace chronotope {
namespace {

/// The number in a file; nothing for "max" or no file.
std::optional<double> limit_in(const std::filesystem::path& file) {
  std::ifstream in(file);
  double bytes = 0;
  if (!(in >> bytes)) return {};
  return bytes;
}

/// The least limit of `group` and of those above it, the mount's root the last.
std::optional<double> least_limit(const std::filesystem::path& mount, std::filesystem::path group,
                                  const char* file) {
  std::optional<double> least;
  for (group = group.relative_path();; group = group.parent_path()) {
    if (const auto limit = limit_in(mount / group / file)) least = std::min(least.value_or(*limit), *limit);
    if (group.empty()) return least;
  }
}

bool lists_memory(const std::string& controllers) {
  return ("," + controllers + ",").find(",memory,") != std::string::npos;
}

}  // namespace

std::optional<double> cgroup_memory(std::istream& groups, const std::filesystem::path& root) {
  std::optional<double> least;
  for (std::string line; std::getline(groups, line);) {  // hierarchy:controllers:path
    const auto first = line.find(':');
    const auto second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const std::string group = line.substr(second + 1);
    std::optional<double> limit;
    if (controllers.empty()) limit = least_limit(root, group, "memory.max");
    if (lists_memory(controllers)) limit = least_limit(root / "memory", group, "memory.limit_in_bytes");
    if (limit) least = std::min(least.value_or(*limit), *limit);
  }
  return least;
}

}  // namespace chronotope
