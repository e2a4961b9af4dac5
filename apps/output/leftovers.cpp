// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/output/leftovers.hpp"

#include <fmt/core.h>
#include <unistd.h>

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
#include "chronotope/proto/frame_stream.hpp"

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

/// By a process of this machine, or of another one that shares the folder and has a lock on it. In containers a
/// process may well have the number of the one that was killed.
bool is_written(pid_t pid, const fs::path& part) {
  return proto::is_being_written(part) || (pid != ::getpid() && lives(pid));
}

[[noreturn]] void refuse_written(const fs::path& part) {
  const std::string file = part.string();
  const std::string pid = file.substr(file.rfind(".part") + 5);
  const bool is_here = lives(static_cast<pid_t>(std::stol(pid)));
  throw InputError(printable(file) + ": the run that writes it, process " + pid +
                   (is_here ? " of this machine" : " of another machine, which has locked it") + ", goes on");
}

/// The parts of an output that are being written, or those that are not.
std::vector<fs::path> parts_of(const fs::path& output, bool written) {
  constexpr int kMostLinks = 40;  // as many as Linux follows
  std::error_code error;
  fs::path target = output;  // where a link leads, the file is written there
  for (int i = 0; i < kMostLinks && fs::is_symlink(target, error); ++i)
    target = target.parent_path() / fs::read_symlink(target, error);
  const fs::path folder = target.has_parent_path() ? target.parent_path() : ".";
  std::vector<fs::path> parts;
  for (fs::directory_iterator file(folder, error), end; !error && file != end; file.increment(error)) {
    const auto pid = writer_of(file->path().filename().string(), target.filename().string());
    std::error_code unknown;
    if (pid && is_regular_file(file->path(), unknown) && is_written(*pid, file->path()) == written)
      parts.push_back(file->path());
  }
  return parts;
}

}  // namespace

std::vector<fs::path> leftovers_of(const fs::path& output) { return parts_of(output, false); }

void require_not_written(const fs::path& output) {
  for (const fs::path& part : parts_of(output, true))
    if (proto::is_being_written(part)) refuse_written(part);
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
  if (is_written(*pid, path)) refuse_written(path);
  return name;
}

}  // namespace chronotope::apps
