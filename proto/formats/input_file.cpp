// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/input_file.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <utility>

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

bool InputFile::begins_with(std::string_view magic) {
  if (in_->peek() != std::char_traits<char>::to_int_type(magic.front())) return false;
  if (in_ != &memory_) memory_ << in_->rdbuf();
  in_ = &memory_;
  return memory_.view().starts_with(magic);
}

std::string InputFile::take_rest() {
  if (in_ != &memory_) memory_ << in_->rdbuf();
  return std::move(memory_).str();
}

}  // namespace chronotope::proto
