// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <istream>
#include <optional>

namespace chronotope {

/// Bytes that control groups leave a process: the least limit of its memory group and of the groups above, in
/// version 2 (memory.max) or version 1 (memory.limit_in_bytes); nothing when none is set. `groups` is
/// /proc/self/cgroup, `root` where the hierarchies are mounted, /sys/fs/cgroup. Inside a container the group
/// may be known by a path that is not mounted there; then the mount's own root is the container's. Source:
/// Linux, Documentation/admin-guide/cgroup-v2.rst and cgroup-v1/memory.rst.
std::optional<double> cgroup_memory(std::istream& groups, const std::filesystem::path& root);

}  // namespace chronotope
