// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace chronotope::apps {

/// Removes what killed runs left of an output: FILE.partPID beside it (proto::Output names them so) where no
/// process PID lives. Says so in one line each on standard error, unless `quiet`. What can not be removed
/// stays.
void remove_leftovers(const std::filesystem::path& output, bool quiet);

/// What killed runs left of an output, and nobody is writing.
std::vector<std::filesystem::path> leftovers_of(const std::filesystem::path& output);

/// Throws InputError, which names the process, when a run that goes on writes this output.
void require_not_written(const std::filesystem::path& output);

/// The output that a file of such a name was to be; nothing when it has another one. Throws InputError when the
/// run that writes it goes on.
std::optional<std::string> name_of_leftover(const std::string& path);

}  // namespace chronotope::apps
