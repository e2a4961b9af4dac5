// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chronotope/core/error.hpp"
#include "chronotope/proto/formats/input_file.hpp"
#include "chronotope/proto/formats/zstd_file.hpp"
#include "chronotope/proto/stream.pb.h"
#include "chronotope/proto/stream_check.hpp"

namespace chronotope::proto {

/// Version of the stream format this build writes. It reads version 1, too: see version_1.hpp.
inline constexpr std::uint32_t kFormatVersion = 2;
/// A writer splits longer content into several frames; a reader refuses longer ones.
inline constexpr std::size_t kMaxFrameBytes = std::size_t{64} << 20;
/// Entries of a repeated field per frame: 1 MiB of doubles.
inline constexpr std::size_t kChunk = std::size_t{1} << 17;

/// The reader at the other end of a pipe has gone: no error, but the end of the work.
class BrokenPipe : public Failure {
 public:
  using Failure::Failure;
};

/// Bytes to a file or a pipe. A file is written under a temporary name in the same folder and appears under
/// its own name only at commit(); without one the temporary is removed, so nothing half-written is ever met.
/// A symbolic link is written through: it stays, and the file it leads to is the one written.
/// "-" is stdout. A file whose name ends in .zst is compressed; flush() and sync() let everything so far be read.
/// Errors: Failure that names the path and the system's reason; BrokenPipe.
///
/// A file that grows is locked (flock): who else would write it, here or on another machine that shares the
/// folder, is refused.
class Output {
 public:
  /// How far a file has come: its bytes, those of its content when it is compressed, and, where nothing in them
  /// tells whether they are whole, zlib's crc32 of them.
  struct Place {
    std::uint64_t bytes = 0;
    std::optional<std::uint32_t> crc32{};
  };

  enum class Checksum { kOfFrames, kOfAll };
  explicit Output(const std::string& path, Checksum checksum = Checksum::kOfFrames);
  /// Goes on at `place` of what a killed run left under the temporary name `left`, or of a file of that name,
  /// which will be `path`. Without a commit() it stays under a temporary name. Throws InputError when what
  /// stands before that place is not what was written, or somebody writes it.
  Output(const std::string& path, const std::filesystem::path& left, const Place& place);
  ~Output();
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  void write(std::string_view bytes);
  void flush();
  /// What is written is on the disk, and stays there under the temporary name whatever comes; a pipe has none.
  void sync();
  Place place() const { return place_; }
  /// Everything is on its way to disk and the file has its name. Must be the last call.
  void commit();

 private:
  [[noreturn]] void fail() const;
  void lock();
  void put(std::string_view bytes);

  std::string path_;
  std::filesystem::path target_;     // where the path's symbolic links lead
  std::filesystem::path temporary_;  // empty for stdout
  std::FILE* file_ = nullptr;
  bool is_kept_ = false;  // under its temporary name
  std::optional<ZstdOutput> compressed_;
  Place place_;
};

/// Writes one stream: the header at construction, frames, and the End frame at close().
class FrameWriter {
 public:
  /// Fills in magic and version of `header`. A header that is longer than a frame goes on in HeaderPart
  /// frames; one of 2 GiB, which no Protocol Buffers message can be, is an InputError.
  FrameWriter(const std::string& path, Header header);

  /// Goes on with a stream that has come so far and has so many frames.
  FrameWriter(const std::string& path, const std::filesystem::path& left, const Output::Place& place,
              std::uint64_t frames);

  void write(const Envelope& envelope);
  void sync() { output_.sync(); }
  Output::Place place() const { return output_.place(); }
  /// Frames written so far, the header included.
  std::uint64_t frames() const { return frames_; }
  /// Pushes what is written to the reader at the other end of a pipe.
  void flush() { output_.flush(); }
  /// Writes the End frame and gives the file its name. A stream that is not closed counts as cut.
  void close();

 private:
  void write_header(Header header);

  std::string path_;
  Output output_;
  std::vector<char>
      frame_;  // room for one: memory that is asked for anew costs more than what is written to it
  std::uint64_t frames_ = 0;
};

/// Reads one stream frame by frame; memory holds the header and one frame, and not more than the file holds.
/// What it returns keeps the rules of StreamCheck.
/// Errors: InputError that names the file, the frame's number and its byte offset, for a stream that is cut,
/// damaged, of another version, breaks a rule, or is no stream at all (then it says what the bytes look
/// like).
class FrameReader {
 public:
  /// Whether a part of a run (Header.part) may be read, which nobody takes for the whole unawares: else it is refused.
  enum class Parts { kRefused, kRead };
  /// "-" is stdin. Reads the header.
  explicit FrameReader(const std::string& path, Parts parts = Parts::kRefused);
  /// Reads on from where `file` is, at its begin.
  explicit FrameReader(std::unique_ptr<InputFile> file, Parts parts = Parts::kRefused);

  const Header& header() const { return header_; }
  const std::string& name() const { return file_->name(); }
  /// The next envelope after the header, or nothing after the End frame.
  std::optional<Envelope> next();
  /// A frame of which only the begin was read: what it holds, its bytes with its length, and its content or the
  /// first kGlance bytes of that.
  struct Glance {
    Envelope::ContentCase content = Envelope::CONTENT_NOT_SET;
    std::uint64_t bytes = 0;
    std::string begin;
  };
  static constexpr std::size_t kGlance = 240;
  /// Instead of next(): the next frame without a look at its content, checksum and place among the others; the End
  /// frame, too, behind which is nothing.
  std::optional<Glance> glance();
  /// Frames read so far, the header included.
  std::uint64_t frames() const { return frames_; }
  /// Bytes they take.
  Output::Place place() const { return {next_offset_}; }

 private:
  std::optional<std::size_t> read_length();
  std::string read_bytes(std::size_t count);
  std::optional<Envelope> read_envelope();
  void read_header();
  void check(Envelope& envelope);
  [[noreturn]] void refuse(const std::string& what) const;

  std::unique_ptr<InputFile> file_;
  Header header_;
  std::optional<StreamCheck> check_;  // made of the header
  std::string first_bytes_;           // kept to say what a foreign file is
  std::uint64_t frames_ = 0;
  std::uint64_t offset_ = 0;  // of the frame being read
  std::uint64_t next_offset_ = 0;
  bool ended_ = false;
};

/// Whether somebody writes a file: it is locked.
bool is_being_written(const std::filesystem::path& file);

/// True if the file begins as a stream of this format does; nothing is consumed, from a pipe neither.
bool looks_like_stream(InputFile& file);

}  // namespace chronotope::proto
