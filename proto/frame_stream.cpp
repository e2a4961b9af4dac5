// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/frame_stream.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <limits>
#include <string_view>
#include <utility>

#include "chronotope/proto/version_1.hpp"

namespace chronotope::proto {
namespace {

constexpr std::string_view kMagic = "chronotope";
// A Frame as it is written: field 1, the body, and field 2, four bytes of its checksum.
constexpr char kBodyField = 0x0a;
constexpr char kCrcField = 0x15;
constexpr std::size_t kCrcBytes = 5;
constexpr std::size_t kKeptBytes = std::size_t{4} << 20;  // of the room for a frame
constexpr std::size_t kTellingBytes = 32;                 // at the start of a file: the magic is among them

/// That of what stands before, whose checksum is `before`, and of `bytes`.
std::uint32_t checksum(std::string_view bytes, std::uint32_t before = 0) {
  return static_cast<std::uint32_t>(
      crc32(before, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
}

/// Of the first bytes of a file, or of all when it has fewer.
Output::Place read_place(std::streambuf& file, std::uint64_t bytes) {
  std::string piece(std::size_t{1} << 20, '\0');
  Output::Place place{0, 0};
  while (place.bytes < bytes) {
    const std::streamsize got =
        file.sgetn(piece.data(),
                   static_cast<std::streamsize>(std::min<std::uint64_t>(piece.size(), bytes - place.bytes)));
    if (got == 0) break;
    place.bytes += static_cast<std::uint64_t>(got);
    place.crc32 = checksum(std::string_view(piece).substr(0, static_cast<std::size_t>(got)), *place.crc32);
  }
  return place;
}

/// What is left of a file, and how many of its bytes hold that.
struct LeftBytes {
  Output::Place place;
  std::uint64_t in_file = 0;
};

LeftBytes read_left(const std::filesystem::path& path, std::uint64_t bytes) {
  std::filebuf file;
  file.open(path, std::ios::in | std::ios::binary);
  if (!name_of_compressed(path.string())) return {read_place(file, bytes), bytes};
  ZstdInput content(file, path.string());
  const Output::Place place = read_place(content, bytes);
  try {
    content.sgetc();             // behind the end of the frame
  } catch (const InputError&) {  // where what a killed run left is torn
  }
  const auto in_file = content.file_bytes(bytes);
  if (place.bytes == bytes && !in_file)
    throw InputError(path.string() + ": was not written by the run: no zstd frame ends at byte " +
                     std::to_string(bytes) + " of its content");
  return {place, in_file.value_or(0)};
}

/// The base-128 length in front of every frame.
std::string delimiter(std::size_t length) {
  std::string bytes;
  for (; length >= 0x80; length >>= 7) bytes.push_back(static_cast<char>(length | 0x80));
  bytes.push_back(static_cast<char>(length));
  return bytes;
}

/// A name for files that begin with well-known bytes.
std::string describe(std::string_view bytes) {
  using namespace std::string_view_literals;
  constexpr std::array<std::pair<std::string_view, std::string_view>, 7> known{{
      {"\x1f\x8b"sv, "a gzip file"},
      {"\x28\xb5\x2f\xfd"sv, "a zstd file, which is read when its name ends in .zst"},
      {"\x89HDF"sv, "an HDF5 file"},
      {"RIFF"sv, "a WAV file"},
      {"\x93NUMPY"sv, "a NumPy array"},
      {"# NEST"sv, "a NEST recording"},
      {"time_ms"sv, "a CSV file"},
  }};
  for (const auto& [start, name] : known)
    if (bytes.substr(0, start.size()) == start) return std::string(name);
  return bytes.empty() ? "empty" : "unknown content";
}

/// Where symbolic links lead, the last of which may lead to no file yet.
std::filesystem::path follow_links(std::filesystem::path path) {
  constexpr int kMostLinks = 40;  // as many as Linux follows
  std::error_code ignored;
  for (int i = 0; i < kMostLinks && std::filesystem::is_symlink(path, ignored); ++i)
    path = path.parent_path() / std::filesystem::read_symlink(path, ignored);
  return path;
}

}  // namespace

Output::Output(const std::string& path, Checksum of) : path_(path) {
  if (of == Checksum::kOfAll) place_.crc32 = 0;
  if (path == "-") {
    file_ = stdout;
    return;
  }
  std::error_code ignored;
  // What a link of /dev/fd leads to may have no name.
  const bool is_file = !std::filesystem::exists(path, ignored) ||
                       std::filesystem::is_regular_file(path, ignored) ||
                       std::filesystem::is_directory(path, ignored);
  target_ = is_file ? follow_links(path) : std::filesystem::path(path);
  if (is_file && std::filesystem::is_symlink(target_, ignored)) {
    errno = ELOOP;
    fail();
  }
  if (std::filesystem::is_directory(target_, ignored))
    throw InputError(path + ": is a directory, not a file");
  // A device or a pipe is written in place; renaming over it would replace it.
  if (!is_file) {
    file_ = std::fopen(path.c_str(), "wb");
  } else {
    temporary_ = target_;
    temporary_ += ".part" + std::to_string(::getpid());
    file_ = std::fopen(temporary_.c_str(), "wb");
  }
  if (file_ == nullptr) {
    temporary_.clear();
    fail();
  }
  if (!temporary_.empty()) lock();
  if (name_of_compressed(path)) compressed_.emplace(false);
}

Output::Output(const std::string& path, const std::filesystem::path& left, const Place& place)
    : path_(path), target_(follow_links(path)), is_kept_(true), place_(place) {
  const auto [there, in_file] = read_left(left, place.bytes);
  if (there.bytes < place.bytes)
    throw InputError(left.string() + ": " + std::to_string(there.bytes) + " bytes are there, of the " +
                     std::to_string(place.bytes) + " that the run had written");
  if (place.crc32 && there.crc32 != place.crc32)
    throw InputError(left.string() + ": was changed since: its first " + std::to_string(place.bytes) +
                     " bytes are not those that the run had written");
  file_ = std::fopen(left.c_str(), "ab");
  if (file_ == nullptr) fail();
  if (::flock(::fileno(file_), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    std::fclose(std::exchange(file_, nullptr));
    throw InputError(left.string() + ": a run that goes on writes it");
  }
  temporary_ = target_;
  temporary_ += ".part" + std::to_string(::getpid());
  std::error_code error;
  std::filesystem::rename(left, temporary_, error);
  if (!error) std::filesystem::resize_file(temporary_, in_file, error);
  if (error) throw Failure(left.string() + ": cannot write: " + error.message());
  if (name_of_compressed(path)) compressed_.emplace(true);
}

/// As far as the file system has locks.
void Output::lock() { ::flock(::fileno(file_), LOCK_EX | LOCK_NB); }

Output::~Output() {
  if (file_ != nullptr && file_ != stdout) std::fclose(file_);
  std::error_code ignored;
  if (!temporary_.empty() && !is_kept_) std::filesystem::remove(temporary_, ignored);
}

void Output::fail() const {
  const int code = errno;
  if (code == EPIPE) throw BrokenPipe(path_);
  throw Failure((path_ == "-" ? "standard output" : path_) + ": cannot write: " + std::strerror(code));
}

void Output::put(std::string_view bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size()) fail();
}

void Output::write(std::string_view bytes) {
  if (compressed_)
    put(compressed_->add(bytes));
  else
    put(bytes);
  place_.bytes += bytes.size();
  if (place_.crc32) place_.crc32 = checksum(bytes, *place_.crc32);
}

void Output::flush() {
  if (compressed_) put(compressed_->flush());
  if (std::fflush(file_) != 0) fail();
}

void Output::sync() {
  if (compressed_) put(compressed_->end_frame());
  flush();
  if (temporary_.empty()) return;
  if (::fsync(::fileno(file_)) != 0) fail();
  is_kept_ = true;
}

void Output::commit() {
  if (compressed_) put(compressed_->end_frame());
  flush();
  if (file_ == stdout) return;
  if (std::fclose(std::exchange(file_, nullptr)) != 0) fail();
  if (temporary_.empty()) return;
  std::error_code error;
  std::filesystem::rename(temporary_, target_, error);
  if (error) throw Failure(path_ + ": cannot write: " + error.message());
  temporary_.clear();
}

FrameWriter::FrameWriter(const std::string& path, Header header) : path_(path), output_(path) {
  if (path == "-" && ::isatty(STDOUT_FILENO) != 0)
    throw InputError("a stream is binary: send standard output to a file or a pipe, not to the terminal");
  header.set_magic(std::string(kMagic));
  header.set_version(kFormatVersion);
  write_header(std::move(header));
}

FrameWriter::FrameWriter(const std::string& path, const std::filesystem::path& left,
                         const Output::Place& place, std::uint64_t frames)
    : path_(path), output_(path, left, place), frames_(frames) {}

void FrameWriter::write_header(Header header) {
  constexpr std::size_t kMostInOneFrame = std::size_t{1} << 20;
  const std::size_t size = header.ByteSizeLong();
  if (size > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()))
    throw InputError(path_ + ": the specification would take " + std::to_string(size >> 20) +
                     " MiB of the stream's header, which are at most 2047; name its spikes in files (csv, "
                     "spike_stream) instead of listing them");
  std::string rest;
  if (size > kMostInOneFrame) {
    rest = header.SerializeAsString();
    Header short_header;
    short_header.set_magic(header.magic());
    short_header.set_version(header.version());
    short_header.set_rest_bytes(rest.size());
    header = std::move(short_header);
  }
  Envelope envelope;
  *envelope.mutable_header() = std::move(header);
  write(envelope);
  for (std::size_t first = 0; first < rest.size(); first += kMostInOneFrame) {
    envelope.mutable_header_part()->set_bytes(rest.substr(first, kMostInOneFrame));
    write(envelope);
  }
}

void FrameWriter::write(const Envelope& envelope) {
  const std::size_t body = envelope.ByteSizeLong();
  std::string begin = kBodyField + delimiter(body);
  const std::size_t size = begin.size() + body + kCrcBytes;
  if (size > kMaxFrameBytes)
    throw Failure(path_ + ": a frame of " + std::to_string(size) + " bytes is over the limit of " +
                  std::to_string(kMaxFrameBytes));
  begin = delimiter(size) + begin;
  const std::size_t whole = begin.size() + body + kCrcBytes;
  if (frame_.size() < whole) frame_.resize(whole);
  char* const content = std::ranges::copy(begin, frame_.data()).out;
  envelope.SerializeWithCachedSizesToArray(reinterpret_cast<std::uint8_t*>(content));
  const std::uint32_t sum = checksum({content, body});
  char* const crc = content + body;
  crc[0] = kCrcField;
  for (unsigned k = 0; k < 4; ++k) crc[k + 1] = static_cast<char>(sum >> 8 * k);
  output_.write({frame_.data(), whole});
  if (whole > kKeptBytes) frame_ = {};
  ++frames_;
}

void FrameWriter::close() {
  Envelope envelope;
  envelope.mutable_end()->set_frames(frames_);
  write(envelope);
  output_.commit();
}

FrameReader::FrameReader(const std::string& path, Parts parts)
    : FrameReader(std::make_unique<InputFile>(path), parts) {}

FrameReader::FrameReader(std::unique_ptr<InputFile> file, Parts parts) : file_(std::move(file)) {
  const auto envelope = read_envelope();
  if (!envelope) refuse("empty");
  header_ = envelope->header();
  if (header_.magic() != kMagic) throw InputError(name() + ": not a chronotope stream");
  if (header_.version() == 0 || header_.version() > kFormatVersion)
    throw InputError(name() + ": stream format version " + std::to_string(header_.version()) +
                     " is not supported (this program reads versions 1 to " + std::to_string(kFormatVersion) +
                     ")");
  if (header_.rest_bytes() > 0) read_header();
  try {
    check_.emplace(header_);
  } catch (const InputError& error) {
    refuse(error.what());
  }
  if (header_.has_part() && parts == Parts::kRefused)
    throw InputError(name() + ": is the part of a run that rank " + std::to_string(header_.part().rank()) +
                     " of " + std::to_string(header_.part().ranks()) +
                     " wrote; chronotope inspect --merge makes a stream of all parts");
  ++frames_;
}

/// The fields of a header that is longer than a frame.
void FrameReader::read_header() {
  if (header_.rest_bytes() > static_cast<std::uint64_t>(std::numeric_limits<std::int32_t>::max()))
    refuse("rest_bytes: " + std::to_string(header_.rest_bytes()) + " is not allowed (at most 2147483647)");
  std::string bytes;
  while (bytes.size() < header_.rest_bytes()) {
    ++frames_;
    offset_ = next_offset_;
    const auto envelope = read_envelope();
    if (!envelope) refuse("the stream was cut inside its header");
    if (!envelope->has_header_part()) refuse("a frame of another kind inside the header");
    if (envelope->header_part().bytes().empty()) refuse("an empty part of the header");
    bytes += envelope->header_part().bytes();
  }
  if (bytes.size() > header_.rest_bytes()) refuse("the header is longer than it announces");
  Header whole;
  if (!whole.ParseFromString(bytes)) refuse("the header cannot be parsed");
  if (whole.magic() != header_.magic() || whole.version() != header_.version())
    refuse("the parts of the header do not belong together");
  header_ = std::move(whole);
}

// Whatever is wrong with the first frame means: this is some other kind of file.
void FrameReader::refuse(const std::string& what) const {
  if (frames_ == 0 && first_bytes_.find(kMagic) == std::string::npos)
    throw InputError(name() + ": " + describe(first_bytes_) + ", not a chronotope stream");
  throw InputError(name() + ": " + what + " (frame " + std::to_string(frames_) + ", byte " +
                   std::to_string(offset_) + ")");
}

/// In pieces: a damaged length announces more than there is.
std::string FrameReader::read_bytes(std::size_t count) {
  constexpr std::size_t kPiece = std::size_t{1} << 20;
  std::string bytes;
  while (bytes.size() < count) {
    const std::size_t before = bytes.size();
    bytes.resize(std::min(count, before + std::max(kPiece, before)));
    file_->stream().read(bytes.data() + before, static_cast<std::streamsize>(bytes.size() - before));
    const auto got = static_cast<std::size_t>(file_->stream().gcount());
    const bool ended = before + got < bytes.size();
    bytes.resize(before + got);
    if (ended) break;
  }
  next_offset_ += bytes.size();
  if (first_bytes_.size() < kTellingBytes) first_bytes_ += bytes.substr(0, kTellingBytes);
  return bytes;
}

/// The length in front of a frame; nothing when no byte is left.
std::optional<std::size_t> FrameReader::read_length() {
  std::size_t length = 0;
  for (unsigned shift = 0; shift < 35; shift += 7) {
    const std::string byte = read_bytes(1);
    if (byte.empty() && shift == 0) return std::nullopt;
    if (byte.empty()) refuse("the stream was cut inside a frame");
    length |= static_cast<std::size_t>(byte[0] & 0x7f) << shift;
    if ((byte[0] & 0x80) != 0) continue;
    if (length <= kMaxFrameBytes) return length;
    break;
  }
  read_bytes(kTellingBytes);
  refuse("a frame announces more than 64 MiB");
}

/// Nothing when no byte is left.
std::optional<Envelope> FrameReader::read_envelope() {
  const auto length = read_length();
  if (!length) return std::nullopt;
  const std::string bytes = read_bytes(*length);
  if (bytes.size() < *length) refuse("the stream was cut inside a frame");
  Frame frame;
  Envelope envelope;
  if (!frame.ParseFromString(bytes)) refuse("the frame cannot be parsed");
  if (checksum(frame.body()) != frame.crc32()) refuse("the checksum is wrong");
  if (!envelope.ParseFromString(frame.body())) refuse("the frame's content cannot be parsed");
  return envelope;
}

void FrameReader::check(Envelope& envelope) {
  try {
    if (header_.version() < kFormatVersion) upgrade_from_version_1(envelope);
    check_->take(envelope);
  } catch (const InputError& error) {
    refuse(error.what());
  }
}

std::optional<Envelope> FrameReader::next() {
  if (ended_) return std::nullopt;
  offset_ = next_offset_;
  std::optional<Envelope> envelope = read_envelope();
  if (!envelope) refuse("the stream was cut: it ends without its closing frame");
  check(*envelope);
  if (envelope->has_end() && envelope->end().frames() != frames_) refuse("frames are missing before the end");
  ++frames_;
  if (!envelope->has_end()) return envelope;
  ended_ = true;
  offset_ = next_offset_;
  if (!read_bytes(1).empty()) refuse("bytes follow the closing frame");
  return std::nullopt;
}

namespace {

/// The number at the begin of `bytes` in base 128, which is taken away; nothing when there is none.
std::optional<std::uint64_t> take_varint(std::string_view& bytes) {
  std::uint64_t number = 0;
  for (unsigned shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    number |= std::uint64_t{byte & 0x7fU} << shift;
    if (byte < 0x80) return number;
  }
  return std::nullopt;
}

}  // namespace

std::optional<FrameReader::Glance> FrameReader::glance() {
  constexpr std::size_t kTags = 16;  // those of the body and of its content
  if (ended_) return std::nullopt;
  offset_ = next_offset_;
  const auto length = read_length();
  if (!length) refuse("the stream was cut: it ends without its closing frame");
  const std::string bytes = read_bytes(std::min(*length, kTags + kGlance));
  const std::size_t rest = *length - bytes.size();
  file_->stream().ignore(static_cast<std::streamsize>(rest));
  if (rest > 0 && static_cast<std::size_t>(file_->stream().gcount()) < rest)
    refuse("the stream was cut inside a frame");
  next_offset_ += rest;
  ++frames_;
  std::string_view body = bytes;
  if (body.empty() || body.front() != kBodyField) refuse("the frame cannot be parsed");
  body.remove_prefix(1);
  const auto body_bytes = take_varint(body);
  const auto tag = take_varint(body);
  const auto content_bytes = take_varint(body);
  constexpr unsigned kFieldShift = 3;  // of a tag
  if (!body_bytes || !tag || !content_bytes) refuse("the frame cannot be parsed");
  ended_ = *tag >> kFieldShift == Envelope::kEnd;
  return Glance{static_cast<Envelope::ContentCase>(*tag >> kFieldShift), next_offset_ - offset_,
                std::string(body.substr(0, std::min<std::uint64_t>(*content_bytes, kGlance)))};
}

bool is_being_written(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return false;
  const bool is_locked = ::flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  ::close(descriptor);
  return is_locked;
}

bool looks_like_stream(InputFile& file) {
  constexpr std::size_t kLongestLength = 5;
  const std::string_view bytes = file.peek(64);
  const auto length = std::find_if(bytes.begin(), bytes.end(), [](char c) { return (c & 0x80) == 0; });
  const auto body = static_cast<std::size_t>(length - bytes.begin()) + 1;
  return body <= kLongestLength && body < bytes.size() && bytes[body] == kBodyField &&
         bytes.find(kMagic) != std::string_view::npos;
}

}  // namespace chronotope::proto
