// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/input_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iostream>

#include "chronotope/core/error.hpp"

namespace chronotope::proto {

InputFile::InputFile(const std::string& path) : name_(path == "-" ? "standard input" : path), in_(&std::cin) {
  if (path == "-") return;
  std::error_code unknown;  // what can not be looked at can not be opened either
  if (std::filesystem::is_directory(path, unknown)) throw InputError(path + ": is a directory, not a file");
  file_.open(path, std::ios::binary);
  if (!file_) throw InputError(path + ": cannot read: " + std::strerror(errno));
  in_ = &file_;
}

std::string_view InputFile::peek(std::size_t count) {
  if (!ahead_) {
    ahead_.emplace(*in_->rdbuf());
    ahead_stream_ = std::make_unique<std::istream>(&*ahead_);
    in_ = ahead_stream_.get();
  }
  return ahead_->peek(count);
}

std::string InputFile::take_rest() {
  constexpr std::size_t kLeast = 1 << 16;
  std::string bytes;
  for (std::size_t read = 0;;) {
    bytes.resize(std::max(kLeast, 2 * read));
    const auto wanted = static_cast<std::streamsize>(bytes.size() - read);
    const std::streamsize got = in_->rdbuf()->sgetn(bytes.data() + read, wanted);
    read += static_cast<std::size_t>(got);
    if (got == wanted) continue;
    bytes.resize(read);
    return bytes;
  }
}

}  // namespace chronotope::proto
