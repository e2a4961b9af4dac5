// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <streambuf>
#include <string>
#include <string_view>
#include <vector>

struct ZSTD_CCtx_s;
struct ZSTD_DCtx_s;

namespace chronotope::proto {

/// The name that a file has beside its compression: "run.pb" of "run.pb.zst" and of "run.pb.zst.part4711", under
/// which it is written; nothing when its name is not that of a zstd file.
std::optional<std::string> name_of_compressed(std::string_view path);

/// The content of a zstd file (RFC 8878), any number of frames one after the other, from the file's bytes as they
/// arrive. Memory: the window that the file asks for, at most 128 MiB. Errors: InputError that names the file when
/// its bytes are damaged or end inside a frame; what stands before was handed out.
class ZstdInput : public std::streambuf {
 public:
  /// Requires: `source` lives longer.
  ZstdInput(std::streambuf& source, std::string name);
  ~ZstdInput() override;

  /// Bytes of the file that hold the first `content` bytes of content, as far as these were read: where a frame
  /// ends. Nothing when none ends there.
  std::optional<std::uint64_t> file_bytes(std::uint64_t content) const;

 protected:
  int_type underflow() override;

 private:
  bool fill();
  std::size_t decompress();

  std::streambuf& source_;
  std::string name_;
  std::unique_ptr<ZSTD_DCtx_s, std::size_t (*)(ZSTD_DCtx_s*)> context_;
  std::vector<char> compressed_;
  std::size_t next_ = 0;  // byte of compressed_
  std::vector<char> content_;
  bool inside_ = false;  // a frame
  std::uint64_t read_ = 0;
  std::uint64_t made_ = 0;
  std::map<std::uint64_t, std::uint64_t> frame_ends_{{0, 0}};  // bytes of the file by bytes of content
};

/// Compresses what a zstd file is to hold, with a checksum in every frame; what a call returns goes to the file.
/// Level 3. Cost: some 5 ns per byte, a few MiB.
class ZstdOutput {
 public:
  /// `goes_on`: behind frames that are in the file already.
  explicit ZstdOutput(bool goes_on);
  ~ZstdOutput();

  std::string add(std::string_view content);
  /// Everything so far can be read.
  std::string flush();
  /// The same, and the file can be cut or end there.
  std::string end_frame();

 private:
  std::string compress(std::string_view content, int directive);

  std::unique_ptr<ZSTD_CCtx_s, std::size_t (*)(ZSTD_CCtx_s*)> context_;
  bool is_ended_;
};

}  // namespace chronotope::proto
