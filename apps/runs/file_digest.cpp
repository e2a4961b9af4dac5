// SPDX-License-Identifier: Apache-2.0
#include "chronotope/apps/runs/file_digest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/uuid/detail/sha1.hpp>

#include "chronotope/proto/formats/input_file.hpp"

namespace chronotope::apps {

namespace {

using Hash = boost::uuids::detail::sha1;

std::string text_of(Hash& hash) {
  Hash::digest_type words;
  hash.get_digest(words);
  std::string text;
  for (const auto word : words) text += fmt::format("{:08x}", static_cast<std::uint32_t>(word));
  return text;
}

}  // namespace

FileDigest digest_of(const std::filesystem::path& path, std::uint64_t most) {
  proto::InputFile file(path.string());
  Hash hash;
  FileDigest digest{path.string(), 0, ""};
  std::string piece(std::size_t{1} << 20, '\0');
  while (digest.bytes < most) {
    const std::uint64_t wanted = std::min<std::uint64_t>(piece.size(), most - digest.bytes);
    file.stream().read(piece.data(), static_cast<std::streamsize>(wanted));
    const auto got = static_cast<std::size_t>(file.stream().gcount());
    if (got == 0) break;
    hash.process_bytes(piece.data(), got);
    digest.bytes += got;
  }
  digest.sha1 = text_of(hash);
  return digest;
}

std::string digest_of_bytes(std::string_view bytes) {
  Hash hash;
  hash.process_bytes(bytes.data(), bytes.size());
  return text_of(hash);
}

}  // namespace chronotope::apps
