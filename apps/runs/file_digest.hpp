// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <string_view>

namespace chronotope::apps {

/// What a file held: for telling whether it still does.
struct FileDigest {
  std::string path;
  std::uint64_t bytes = 0;
  std::string sha1;  // hexadecimal

  friend bool operator==(const FileDigest&, const FileDigest&) = default;
};

/// Of the first `most` bytes of a file. Throws InputError when it can not be read. Cost: some 400 MB/s.
FileDigest digest_of(const std::filesystem::path& path,
                     std::uint64_t most = std::numeric_limits<std::uint64_t>::max());

/// SHA-1 of bytes, hexadecimal.
std::string digest_of_bytes(std::string_view bytes);

}  // namespace chronotope::apps
