// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/zip_archive.hpp"

#define ZLIB_CONST  // its input is not written to
#include <zlib.h>

#include <array>
#include <limits>
#include <memory>
#include <utility>

#include "chronotope/core/error.hpp"
#include "chronotope/core/printable.hpp"

namespace chronotope::proto {
namespace {

constexpr std::string_view kEnd = "PK\x05\x06";
constexpr std::string_view kLargeEnd = "PK\x06\x06";
constexpr std::string_view kLargeEndLocator = "PK\x06\x07";
constexpr std::string_view kDirectoryEntry = "PK\x01\x02";
constexpr std::string_view kMemberHeader = "PK\x03\x04";
constexpr std::uint64_t kEndBytes = 22;
constexpr std::uint64_t kLocatorBytes = 20;
constexpr std::uint64_t kEntryBytes = 46;
constexpr std::uint64_t kHeaderBytes = 30;
constexpr std::uint64_t kStored = 0;
constexpr std::uint64_t kDeflated = 8;
constexpr std::uint64_t kSeeLarge = 0xffffffff;  // the value stands in a field of 8 bytes elsewhere

struct EndInflation {
  void operator()(z_stream* stream) const {
    inflateEnd(stream);
    delete stream;
  }
};

std::uint32_t checksum(std::string_view bytes) {
  return static_cast<std::uint32_t>(
      crc32_z(0, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()));
}

}  // namespace

ZipArchive::ZipArchive(std::string bytes, const std::string& name) : bytes_(std::move(bytes)), name_(name) {
  const std::uint64_t end = find_end();
  std::uint64_t count = number(end + 10, 2);
  std::uint64_t at = number(end + 16, 4);
  if (end >= kLocatorBytes && piece(end - kLocatorBytes, 4) == kLargeEndLocator) {
    const std::uint64_t large = number(end - kLocatorBytes + 8, 8);
    if (piece(large, 4) != kLargeEnd)
      refuse("the .npz archive is damaged: its directory is not where it says");
    count = number(large + 32, 8);
    at = number(large + 48, 8);
  }
  for (std::uint64_t i = 0; i < count; ++i) at = take_member(at);
}

void ZipArchive::refuse(const std::string& what) const { throw InputError(name_ + ": " + what); }

std::string_view ZipArchive::piece(std::uint64_t at, std::uint64_t bytes) const {
  if (at > bytes_.size() || bytes > bytes_.size() - at) refuse("the .npz archive is cut or damaged");
  return std::string_view(bytes_).substr(at, bytes);
}

std::uint64_t ZipArchive::number(std::uint64_t at, std::size_t bytes) const {
  std::uint64_t value = 0;
  const std::string_view digits = piece(at, bytes);
  for (std::size_t i = bytes; i-- > 0;) value = value << 8 | static_cast<unsigned char>(digits[i]);
  return value;
}

/// The record at the archive's end; a comment of at most 64 KiB may follow it.
std::uint64_t ZipArchive::find_end() const {
  constexpr std::uint64_t kLongestComment = 0xffff;
  const auto at = bytes_.rfind(kEnd);
  if (at == std::string::npos || at + kEndBytes > bytes_.size() ||
      bytes_.size() - at - kEndBytes > kLongestComment)
    refuse("the .npz archive is cut: it has no directory at its end");
  return at;
}

/// Reads the directory's entry at `at` and returns where the next one begins.
std::uint64_t ZipArchive::take_member(std::uint64_t at) {
  if (piece(at, 4) != kDirectoryEntry) refuse("the .npz archive is cut or damaged");
  const std::uint64_t name_bytes = number(at + 28, 2);
  const std::uint64_t extra = at + kEntryBytes + name_bytes;
  const std::uint64_t extra_end = extra + number(at + 30, 2);
  Member member{std::string(piece(at + kEntryBytes, name_bytes)),
                number(at + 10, 2),
                number(at + 16, 4),
                number(at + 20, 4),
                number(at + 24, 4),
                number(at + 42, 4),
                (number(at + 8, 2) & 1) != 0};
  take_large_sizes(member, extra, extra_end);
  members_.push_back(std::move(member));
  return extra_end + number(at + 32, 2);
}

/// The extra field 1 holds, in this order, those of size, packed size and offset that need 8 bytes.
void ZipArchive::take_large_sizes(Member& member, std::uint64_t at, std::uint64_t end) const {
  while (at + 4 <= end) {
    const std::uint64_t id = number(at, 2);
    const std::uint64_t next = at + 4 + number(at + 2, 2);
    at += 4;
    for (std::uint64_t* value : {&member.size, &member.packed, &member.offset}) {
      if (id != 1 || *value != kSeeLarge || at + 8 > next) continue;
      *value = number(at, 8);
      at += 8;
    }
    at = next;
  }
}

std::string ZipArchive::read(const Member& member) const {
  if (member.encrypted) refuse("array " + in_quotes(member.name) + " is encrypted");
  if (piece(member.offset, 4) != kMemberHeader) refuse("the .npz archive is cut or damaged");
  const std::uint64_t begin =
      member.offset + kHeaderBytes + number(member.offset + 26, 2) + number(member.offset + 28, 2);
  const std::string_view packed = piece(begin, member.packed);
  if (member.method != kStored && member.method != kDeflated)
    refuse("array " + in_quotes(member.name) + " is packed by method " + std::to_string(member.method) +
           " (0, stored, and 8, deflated, can be read)");
  std::string content = member.method == kStored ? std::string(packed) : inflate(packed, member);
  if (content.size() != member.size || checksum(content) != member.checksum)
    refuse("array " + in_quotes(member.name) + " is damaged: its checksum is another");
  return content;
}

std::string ZipArchive::inflate(std::string_view packed, const Member& member) const {
  constexpr int kNoHeader = -15;  // bits of the window; negative: bare deflate
  const std::unique_ptr<z_stream, EndInflation> stream(new z_stream{});
  if (inflateInit2(stream.get(), kNoHeader) != Z_OK) throw std::bad_alloc();
  std::string content;
  std::array<unsigned char, 1 << 16> buffer;
  int status = Z_OK;
  while (status == Z_OK && content.size() <= member.size) {
    if (stream->avail_in == 0) {
      const auto piece = packed.substr(0, std::numeric_limits<uInt>::max());
      stream->next_in = reinterpret_cast<const unsigned char*>(piece.data());
      stream->avail_in = static_cast<uInt>(piece.size());
      packed.remove_prefix(piece.size());
    }
    stream->next_out = buffer.data();
    stream->avail_out = buffer.size();
    status = ::inflate(stream.get(), Z_NO_FLUSH);
    content.append(reinterpret_cast<const char*>(buffer.data()), buffer.size() - stream->avail_out);
  }
  if (status != Z_STREAM_END)
    refuse("array " + in_quotes(member.name) + " is damaged: it cannot be inflated");
  return content;
}

}  // namespace chronotope::proto
