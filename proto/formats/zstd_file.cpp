// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/zstd_file.hpp"

#include <zstd.h>

#include <algorithm>
#include <utility>

#include "chronotope/core/error.hpp"

namespace chronotope::proto {
namespace {

constexpr std::string_view kSuffix = ".zst";

/// Without the ".part4711" of a file that is being written.
std::string_view finished_name(std::string_view path) {
  const auto digits = path.find_last_not_of("0123456789") + 1;
  const std::string_view start = path.substr(0, digits);
  return digits < path.size() && start.ends_with(".part") ? start.substr(0, start.size() - 5) : path;
}

}  // namespace

std::optional<std::string> name_of_compressed(std::string_view path) {
  const std::string_view name = finished_name(path);
  if (!name.ends_with(kSuffix)) return std::nullopt;
  return std::string(name.substr(0, name.size() - kSuffix.size()));
}

ZstdInput::ZstdInput(std::streambuf& source, std::string name)
    : source_(source),
      name_(std::move(name)),
      context_(ZSTD_createDCtx(), ZSTD_freeDCtx),
      content_(ZSTD_DStreamOutSize()) {}

ZstdInput::~ZstdInput() = default;

/// What the file has ready, at least a byte; false at its end.
bool ZstdInput::fill() {
  const auto most = static_cast<std::streamsize>(ZSTD_DStreamInSize());
  compressed_.resize(static_cast<std::size_t>(most));
  std::streamsize got = source_.sgetn(compressed_.data(), 1);
  if (got == 1)
    got +=
        source_.sgetn(compressed_.data() + 1, std::clamp<std::streamsize>(source_.in_avail(), 0, most - 1));
  compressed_.resize(static_cast<std::size_t>(got));
  next_ = 0;
  return got > 0;
}

/// The next content there is, of one frame; returns how many bytes.
std::size_t ZstdInput::decompress() {
  ZSTD_inBuffer in{compressed_.data(), compressed_.size(), next_};
  ZSTD_outBuffer out{content_.data(), content_.size(), 0};
  const std::size_t left = ZSTD_decompressStream(context_.get(), &out, &in);
  if (ZSTD_isError(left) != 0)
    throw InputError(name_ + ": no zstd file, or a damaged one: " + ZSTD_getErrorName(left));
  read_ += in.pos - next_;
  next_ = in.pos;
  made_ += out.pos;
  inside_ = left != 0;
  if (!inside_) frame_ends_[made_] = read_;
  return out.pos;
}

ZstdInput::int_type ZstdInput::underflow() {
  for (;;) {
    // Content may be waiting in the decoder though all bytes of the file are in.
    if (const std::size_t made = next_ < compressed_.size() || inside_ ? decompress() : 0; made > 0) {
      setg(content_.data(), content_.data(), content_.data() + made);
      return traits_type::to_int_type(*gptr());
    }
    if (next_ < compressed_.size() || fill()) continue;
    if (inside_) throw InputError(name_ + ": the compressed file was cut");
    return traits_type::eof();
  }
}

std::optional<std::uint64_t> ZstdInput::file_bytes(std::uint64_t content) const {
  const auto found = frame_ends_.find(content);
  return found == frame_ends_.end() ? std::nullopt : std::optional(found->second);
}

ZstdOutput::ZstdOutput(bool goes_on) : context_(ZSTD_createCCtx(), ZSTD_freeCCtx), is_ended_(goes_on) {
  ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_checksumFlag, 1);
}

ZstdOutput::~ZstdOutput() = default;

std::string ZstdOutput::compress(std::string_view content, int directive) {
  std::string bytes;
  std::size_t size = 0;
  ZSTD_inBuffer in{content.data(), content.size(), 0};
  for (std::size_t left = 1; left != 0 || in.pos < in.size;) {
    bytes.resize(size + ZSTD_CStreamOutSize());
    ZSTD_outBuffer out{bytes.data(), bytes.size(), size};
    left = ZSTD_compressStream2(context_.get(), &out, &in, static_cast<ZSTD_EndDirective>(directive));
    if (ZSTD_isError(left) != 0) throw Failure(std::string("zstd: ") + ZSTD_getErrorName(left));
    size = out.pos;
    if (directive == ZSTD_e_continue) left = 0;
  }
  bytes.resize(size);
  return bytes;
}

std::string ZstdOutput::add(std::string_view content) {
  is_ended_ = is_ended_ && content.empty();
  return content.empty() ? "" : compress(content, ZSTD_e_continue);
}

std::string ZstdOutput::flush() { return is_ended_ ? "" : compress({}, ZSTD_e_flush); }

std::string ZstdOutput::end_frame() { return std::exchange(is_ended_, true) ? "" : compress({}, ZSTD_e_end); }

}  // namespace chronotope::proto
