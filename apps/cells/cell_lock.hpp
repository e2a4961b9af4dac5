// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace chronotope::apps {

/// Keeps a cell for one process among all that work on a folder: an advisory lock (flock) on a file beside
/// the cell's, in which the holder's host and process stand. It ends with the last process that has inherited
/// it, however that ends, and the file is removed when it is let go.
///
/// A file system without locks can not keep others away: is_held() is true then, and is_shared() says so.
class CellLock {
 public:
  /// Takes the lock if nobody has it. Throws InputError when the file can not be made.
  explicit CellLock(std::filesystem::path file);
  ~CellLock();
  CellLock(const CellLock&) = delete;
  CellLock& operator=(const CellLock&) = delete;

  bool is_held() const { return held_; }
  /// There are no locks here.
  bool is_shared() const { return shared_; }
  /// Who holds it instead: "process 123 on host".
  const std::string& holder() const { return holder_; }
  /// Of the open file, which a child process inherits; -1 when it is not held.
  int descriptor() const { return descriptor_; }

 private:
  bool take();

  std::filesystem::path file_;
  int descriptor_ = -1;
  bool held_ = false;
  bool shared_ = false;
  std::string holder_;
};

}  // namespace chronotope::apps
