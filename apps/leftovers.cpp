// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/leftovers.hpp"

#include <fmt/core.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <optional>
#include <string>
#include <system_error>

#include "chronotope/core/printable.hpp"

namespace chronotope::apps {
namespace fs = std::filesystem;

namespace {

/// The PID of a temporary file of the output `name`.
std::optional<pid_t> writer_of(const std::string& file, const std::string& name) {
  const std::string start = name + ".part";
  if (!file.starts_with(start)) return std::nullopt;
  pid_t pid = 0;
  const char* const end = file.data() + file.size();
  const auto [stop, error] = std::from_chars(file.data() + start.size(), end, pid);
  if (error != std::errc() || stop != end || pid <= 0) return std::nullopt;
  return pid;
}

bool lives(pid_t pid) { return ::kill(pid, 0) == 0 || errno != ESRCH; }

}  // namespace

void remove_leftovers(const fs::path& output, bool quiet) {
  std::error_code error;
  fs::path target = fs::canonical(output, error);  // where a link leads, the file is written there
  if (error) target = output;
  const fs::path folder = target.has_parent_path() ? target.parent_path() : ".";
  for (fs::directory_iterator file(folder, error), end; !error && file != end; file.increment(error)) {
    const auto pid = writer_of(file->path().filename().string(), target.filename().string());
    std::error_code unknown;
    if (!pid || lives(*pid) || !file->is_regular_file(unknown)) continue;
    if (!fs::remove(file->path(), unknown) || quiet) continue;
    fmt::print(stderr, "removed {}, left by a run that was killed\n", printable(file->path().string()));
  }
}

}  // namespace chronotope::apps
