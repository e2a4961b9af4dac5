// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/input_file.hpp"

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

}  // namespace chronotope::proto
