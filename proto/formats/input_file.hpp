// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <fstream>
#include <istream>
#include <optional>
#include <string>
#include <string_view>

#include "chronotope/proto/formats/look_ahead.hpp"
#include "chronotope/proto/formats/zstd_file.hpp"

namespace chronotope::proto {

/// Bytes from a file, or from stdin when the path is "-", with the name that errors use. Of a file whose name ends
/// in .zst they are the content.
/// Errors: InputError that names the path and the system's reason, for a folder too, and for a device without
/// an end such as /dev/zero; Failure, out of whatever reads, where the system can not read on.
class InputFile {
 public:
  explicit InputFile(const std::string& path);
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  std::istream& stream() { return in_; }
  /// The next bytes, at most `count`, which stay unread, those of a pipe too. Valid until something is read.
  std::string_view peek(std::size_t count) { return ahead_->peek(count); }
  /// True if `magic` comes next, which is not consumed.
  bool begins_with(std::string_view magic) { return peek(magic.size()) == magic; }
  /// All bytes that are left. InputError for more than memory holds.
  std::string take_rest();
  const std::string& name() const { return name_; }

 private:
  void open(const std::string& path);
  std::string rest();

  std::string name_;
  std::filebuf file_;
  std::optional<ZstdInput> content_;  // of a compressed file
  std::optional<LookAhead> ahead_;
  std::istream in_{nullptr};
};

}  // namespace chronotope::proto
