// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/input_file.hpp"

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iostream>

#include "chronotope/core/error.hpp"
#include "chronotope/proto/formats/within_memory.hpp"

namespace chronotope::proto {
namespace {

/// Linux's memory devices: /dev/zero, /dev/full, /dev/random, /dev/urandom; /dev/null is but empty.
bool is_endless(const std::string& path) {
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0 || !S_ISCHR(about.st_mode)) return false;
  constexpr unsigned kMemory = 1, kNull = 3;
  return major(about.st_rdev) == kMemory && minor(about.st_rdev) != kNull;
}

}  // namespace

InputFile::InputFile(const std::string& path) : name_(path == "-" ? "standard input" : path) {
  if (is_endless(path == "-" ? "/dev/stdin" : path)) throw InputError(name_ + ": is a device without an end");
  if (path != "-") open(path);
  std::streambuf& bytes = path == "-" ? *std::cin.rdbuf() : file_;
  if (name_of_compressed(path)) content_.emplace(bytes, name_);
  ahead_.emplace(content_ ? *content_ : bytes, name_);
  in_.rdbuf(&*ahead_);
  in_.exceptions(std::ios::badbit);  // else what the buffer throws would pass for the end of the file
}

void InputFile::open(const std::string& path) {
  std::error_code unknown;  // what can not be looked at can not be opened either
  if (std::filesystem::is_directory(path, unknown)) throw InputError(path + ": is a directory, not a file");
  if (file_.open(path, std::ios::in | std::ios::binary) == nullptr)
    throw InputError(path + ": cannot read: " + std::strerror(errno));
}

std::string InputFile::take_rest() {
  return within_memory(name_, [&] { return rest(); });
}

std::string InputFile::rest() {
  constexpr std::size_t kLeast = 1 << 16;
  std::string bytes;
  for (std::size_t read = 0;;) {
    bytes.resize(std::max(kLeast, 2 * read));
    const auto wanted = static_cast<std::streamsize>(bytes.size() - read);
    const std::streamsize got = ahead_->sgetn(bytes.data() + read, wanted);
    read += static_cast<std::size_t>(got);
    if (got == wanted) continue;
    bytes.resize(read);
    return bytes;
  }
}

}  // namespace chronotope::proto
