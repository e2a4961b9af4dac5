// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/cells/cell_lock.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "chronotope/core/error.hpp"
#include "chronotope/core/printable.hpp"

namespace chronotope::apps {
namespace {

std::string this_process() {
  std::array<char, 256> host{};
  ::gethostname(host.data(), host.size() - 1);
  return fmt::format("process {} on {}", ::getpid(), host.data());
}

std::string content(int descriptor) {
  std::array<char, 512> text{};
  const auto size = ::pread(descriptor, text.data(), text.size(), 0);
  return size > 0 ? printable(std::string(text.data(), static_cast<std::size_t>(size))) : "another process";
}

/// Whether the file of that name is still the open one: whoever held the lock before may have removed it.
bool is_of(int descriptor, const std::filesystem::path& file) {
  struct stat open {};
  struct stat named {};
  return ::fstat(descriptor, &open) == 0 && ::stat(file.c_str(), &named) == 0 &&
         open.st_ino == named.st_ino && open.st_dev == named.st_dev;
}

}  // namespace

CellLock::CellLock(std::filesystem::path file) : file_(std::move(file)) {
  while (!take()) {
  }
}

/// False when the file was removed meanwhile, and the next one has to be tried.
bool CellLock::take() {
  descriptor_ = ::open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor_ < 0) throw InputError(file_.string() + ": cannot be made: " + std::strerror(errno));
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) {
      holder_ = content(descriptor_);
      ::close(std::exchange(descriptor_, -1));
      return true;
    }
    shared_ = true;
  } else if (!is_of(descriptor_, file_)) {
    ::close(std::exchange(descriptor_, -1));
    return false;
  }
  held_ = true;
  const std::string self = this_process();
  const bool is_written =
      ::ftruncate(descriptor_, 0) == 0 &&
      ::pwrite(descriptor_, self.data(), self.size(), 0) == static_cast<ssize_t>(self.size());
  if (!is_written) throw InputError(file_.string() + ": cannot be written: " + std::strerror(errno));
  return true;
}

CellLock::~CellLock() {
  if (descriptor_ < 0) return;
  ::unlink(file_.c_str());
  ::close(descriptor_);
}

}  // namespace chronotope::apps
