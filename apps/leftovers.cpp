// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/leftovers.hpp"

#include <fmt/core.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <system_error>

#include "chronotope/core/error.hpp"
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

/// One that has ended but that nobody has waited for does not, though it still has its number: in containers
/// often nobody does.
bool lives(pid_t pid) {
  if (::kill(pid, 0) != 0) return errno != ESRCH;
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  const std::string stat{std::istreambuf_iterator<char>(file), {}};
  const auto name_end = stat.rfind(')');  // the name may hold anything
  const char state = name_end + 2 < stat.size() ? stat[name_end + 2] : 'R';
  return state != 'Z' && state != 'X';
}

}  // namespace

std::vector<fs::path> leftovers_of(const fs::path& output) {
  constexpr int kMostLinks = 40;  // as many as Linux follows
  std::error_code error;
  fs::path target = output;  // where a link leads, the file is written there
  for (int i = 0; i < kMostLinks && fs::is_symlink(target, error); ++i)
    target = target.parent_path() / fs::read_symlink(target, error);
  const fs::path folder = target.has_parent_path() ? target.parent_path() : ".";
  std::vector<fs::path> left;
  for (fs::directory_iterator file(folder, error), end; !error && file != end; file.increment(error)) {
    const auto pid = writer_of(file->path().filename().string(), target.filename().string());
    std::error_code unknown;
    if (pid && !lives(*pid) && file->is_regular_file(unknown)) left.push_back(file->path());
  }
  return left;
}

void remove_leftovers(const fs::path& output, bool quiet) {
  for (const fs::path& left : leftovers_of(output)) {
    std::error_code unknown;
    if (!fs::remove(left, unknown) || quiet) continue;
    fmt::print(stderr, "removed {}, left by a run that was killed\n", printable(left.string()));
  }
}

std::optional<std::string> name_of_leftover(const std::string& path) {
  const std::size_t part = path.rfind(".part");
  if (part == std::string::npos) return std::nullopt;
  const std::string name = path.substr(0, part);
  const auto pid = writer_of(fs::path(path).filename().string(), fs::path(name).filename().string());
  if (!pid) return std::nullopt;
  if (lives(*pid))
    throw InputError(printable(path) + ": the run that writes it, process " + std::to_string(*pid) +
                     ", goes on");
  return name;
}

}  // namespace chronotope::apps
