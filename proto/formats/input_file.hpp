// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fstream>
#include <istream>
#include <string>

namespace chronotope::proto {

/// Bytes from a file, or from stdin when the path is "-", with the name that errors use.
/// Errors: InputError that names the path and the system's reason, for a folder too.
class InputFile {
 public:
  explicit InputFile(const std::string& path);
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  std::istream& stream() { return *in_; }
  const std::string& name() const { return name_; }

 private:
  std::string name_;
  std::ifstream file_;
  std::istream* in_;
};

}  // namespace chronotope::proto
