// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fstream>
#include <istream>
#include <sstream>
#include <string>
#include <string_view>

namespace chronotope::proto {

/// Bytes from a file, or from stdin when the path is "-", with the name that errors use.
/// Errors: InputError that names the path and the system's reason, for a folder too.
class InputFile {
 public:
  explicit InputFile(const std::string& path);
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  std::istream& stream() { return *in_; }
  /// True if the file begins with `magic`, which is not consumed, from a pipe neither: a file whose first
  /// byte fits is read into memory. Requires: nothing was read yet, magic is not empty.
  bool begins_with(std::string_view magic);
  /// All bytes that are left.
  std::string take_rest();
  const std::string& name() const { return name_; }

 private:
  std::string name_;
  std::ifstream file_;
  std::stringstream memory_;
  std::istream* in_;
};

}  // namespace chronotope::proto
