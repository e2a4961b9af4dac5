// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/riff_extent.hpp"

#include <algorithm>
#include <array>
#include <istream>
#include <limits>
#include <optional>
#include <string_view>

#include "chronotope/core/error.hpp"

namespace chronotope::proto {
namespace {

constexpr std::uint64_t kFormHeader = 12;  // RIFF, size, WAVE
constexpr std::uint64_t kChunkHeader = 8;  // id, size

/// True for what stands instead of a size: SoX writes 0x7ffff000 (AIFF: 0x7f000000), GStreamer 0x7fff0000,
/// arecord 0x80000000, others the largest number with or without a sign; some add or take off the headers'
/// length.
bool is_mark(std::uint64_t size) {
  constexpr std::uint64_t kHeaders = 256;
  constexpr std::array<std::uint64_t, 6> kMarks{0x7f000000, 0x7fff0000, 0x7ffff000,
                                                0x7fffffff, 0x80000000, 0xffffffff};
  return size == 0 || std::any_of(kMarks.begin(), kMarks.end(), [&](std::uint64_t mark) {
           return size + kHeaders >= mark && size <= mark + kHeaders;
         });
}

/// The sizes that a file announces.
class Form {
 public:
  explicit Form(std::istream& in) : in_(in) {
    in_.seekg(0, std::ios::end);
    file_bytes_ = static_cast<std::uint64_t>(in_.tellg());
    const std::string header = bytes(0, kFormHeader);
    big_endian_ = header.starts_with("RIFX") || header.starts_with("FORM");
    const std::string_view kind = std::string_view(header).substr(std::min<std::size_t>(8, header.size()));
    known_ = header.starts_with("FORM") ||
             ((header.starts_with("RIFF") || header.starts_with("RIFX")) && kind == "WAVE");
    if (known_) size_ = number(header.substr(4, 4));
    if (known_ && kind == "WAVE") data_ = find_data();
  }

  bool is_known() const { return known_; }
  std::uint64_t file_bytes() const { return file_bytes_; }
  std::uint64_t size() const { return size_; }

  struct Chunk {
    std::uint64_t begin = 0;  // of its content
    std::uint64_t size = 0;
  };
  /// That with the samples of a WAV file.
  const std::optional<Chunk>& data() const { return data_; }

  std::string spelt(std::uint64_t number) const {
    std::string bytes;
    for (int i = 0; i < 4; ++i) bytes += static_cast<char>(number >> 8 * i & 0xff);
    if (big_endian_) std::reverse(bytes.begin(), bytes.end());
    return bytes;
  }

 private:
  std::string bytes(std::uint64_t at, std::uint64_t count) {
    std::string bytes(count, '\0');
    in_.clear();
    in_.seekg(static_cast<std::streamoff>(at));
    in_.read(bytes.data(), static_cast<std::streamsize>(count));
    bytes.resize(static_cast<std::size_t>(in_.gcount()));
    return bytes;
  }

  std::uint64_t number(std::string bytes) const {
    if (!big_endian_) std::reverse(bytes.begin(), bytes.end());
    std::uint64_t value = 0;
    for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
    return value;
  }

  std::optional<Chunk> find_data() {
    for (std::uint64_t at = kFormHeader; at + kChunkHeader <= file_bytes_;) {
      const std::string header = bytes(at, kChunkHeader);
      const Chunk chunk{at + kChunkHeader, number(header.substr(4))};
      if (header.starts_with("data")) return chunk;
      at = chunk.begin + chunk.size + chunk.size % 2;  // padded to an even length
    }
    return std::nullopt;
  }

  std::istream& in_;
  std::uint64_t file_bytes_ = 0;
  std::uint64_t size_ = 0;  // of what follows the form's own size
  bool big_endian_ = false;
  bool known_ = false;
  std::optional<Chunk> data_;
};

[[noreturn]] void refuse_cut(const std::string& name, const std::string& what, std::uint64_t announced,
                             std::uint64_t there) {
  throw InputError(name + ": is cut: " + what + std::to_string(announced) + " bytes and holds " +
                   std::to_string(there));
}

}  // namespace

SizeField check_extent(std::istream& in, const std::string& name) {
  constexpr std::uint64_t kPadding = 1;
  constexpr std::uint64_t kLargest = std::numeric_limits<std::uint32_t>::max();
  const Form form(in);
  if (!form.is_known()) return {};
  const std::uint64_t announced = form.size() + kChunkHeader;
  if (!is_mark(form.size()) && announced > form.file_bytes() + kPadding)
    refuse_cut(name, "it announces ", announced, form.file_bytes());
  if (!form.data()) return {};
  const auto [begin, size] = *form.data();
  const std::uint64_t there = form.file_bytes() - begin;
  if (size > there && !is_mark(size)) refuse_cut(name, "its data chunk announces ", size, there);
  const bool last = is_mark(form.size()) || announced <= begin;
  if (size != 0 || there == 0 || !last) return {};
  return {begin - 4, form.spelt(std::min(there, kLargest))};
}

}  // namespace chronotope::proto
