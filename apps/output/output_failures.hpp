// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <memory>

#include "chronotope/core/error.hpp"

namespace chronotope::apps {

/// Keeps one output that can not be written (a full disk, a reader that has gone) from taking the others with
/// it: it is given up, the first failure is remembered, and whoever writes ends the others and then throws
/// it.
class OutputFailures {
 public:
  /// Does `work` on a file that there may be; when that fails the file is given up.
  template <class File, class Work>
  void guard(std::unique_ptr<File>& file, Work work) {
    if (file && !attempt([&] { work(*file); })) file.reset();
  }

  /// Does `work`, whose files are its own; false when it fails.
  template <class Work>
  bool attempt(Work work) {
    try {
      work();
      return true;
    } catch (const Failure&) {
      if (!first_) first_ = std::current_exception();
      return false;
    }
  }

  bool any() const { return first_ != nullptr; }
  /// Throws the first failure if there was one.
  void rethrow() const {
    if (first_) std::rethrow_exception(first_);
  }

 private:
  std::exception_ptr first_;
};

}  // namespace chronotope::apps
