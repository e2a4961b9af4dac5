// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace chronotope::apps {

/// Removes what killed runs left of an output: FILE.partPID beside it (proto::Output names them so) where no
/// process PID lives. Says so in one line each on standard error, unless `quiet`. What can not be removed
/// stays.
void remove_leftovers(const std::filesystem::path& output, bool quiet);

}  // namespace chronotope::apps
