// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/runs/checkpoint_files.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <system_error>
#include <utility>

namespace chronotope::apps {
namespace fs = std::filesystem;

namespace {

std::optional<std::uint64_t> number_of(const fs::path& file, const fs::path& stream) {
  const std::string name = file.filename().string();
  const std::string start = stream.filename().string() + ".checkpoint";
  if (!name.starts_with(start)) return std::nullopt;
  std::uint64_t number = 0;
  const char* const end = name.data() + name.size();
  const auto [stop, error] = std::from_chars(name.data() + start.size(), end, number);
  return error == std::errc() && stop == end ? std::optional(number) : std::nullopt;
}

}  // namespace

std::vector<fs::path> checkpoints_of(const fs::path& stream) {
  const fs::path folder = stream.has_parent_path() ? stream.parent_path() : ".";
  std::vector<std::pair<std::uint64_t, fs::path>> found;
  std::error_code error;
  for (fs::directory_iterator file(folder, error), end; !error && file != end; file.increment(error))
    if (const auto number = number_of(file->path(), stream)) found.emplace_back(*number, file->path());
  std::sort(found.begin(), found.end());
  std::vector<fs::path> files;
  for (auto& [number, file] : found) files.push_back(std::move(file));
  return files;
}

CheckpointFiles::CheckpointFiles(fs::path stream, std::size_t keep, bool goes_on)
    : stream_(std::move(stream)), keep_(keep) {
  for (const fs::path& file : checkpoints_of(stream_)) {
    std::error_code ignored;
    if (!goes_on) {
      fs::remove(file, ignored);
      continue;
    }
    kept_.push_back(file);
    number_ = *number_of(file, stream_);
  }
}

fs::path CheckpointFiles::name(std::uint64_t number) const {
  fs::path path = stream_;
  path += ".checkpoint" + std::to_string(number);
  return path;
}

void CheckpointFiles::remove_oldest() {
  for (; kept_.size() > keep_; kept_.pop_front()) {
    std::error_code ignored;
    fs::remove(kept_.front(), ignored);
  }
}

}  // namespace chronotope::apps
