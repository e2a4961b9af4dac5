// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/wav.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <memory>

#include "chronotope/core/error.hpp"
#include "chronotope/proto/formats/riff_extent.hpp"
#include "chronotope/proto/formats/sound_library.hpp"

namespace chronotope::proto {
namespace {

constexpr std::size_t kFramesPerRead = 4096;

struct Close {
  void operator()(SNDFILE* file) const { sound_library().close(file); }
};
using File = std::unique_ptr<SNDFILE, Close>;

[[noreturn]] void refuse(const std::string& path, const std::string& what) {
  throw InputError(path + ": " + what);
}

/// libsndfile's reason as part of a one-line message.
std::string reason(SNDFILE* file) {
  std::string text = sound_library().strerror(file);
  while (!text.empty() && (text.back() == '.' || text.back() == '\n')) text.pop_back();
  return text;
}

double mean(const double* frame, std::size_t channels) {
  double sum = 0;
  for (std::size_t channel = 0; channel < channels; ++channel) sum += frame[channel];
  return sum / static_cast<double>(channels);
}

void append_mix(const std::string& path, const std::vector<double>& frames, std::size_t count,
                std::size_t channels, std::vector<double>& samples) {
  for (std::size_t frame = 0; frame < count; ++frame) {
    const double sample = mean(&frames[frame * channels], channels);
    if (!std::isfinite(sample)) refuse(path, "sample " + std::to_string(samples.size()) + " is not finite");
    samples.push_back(sample);
  }
}

/// A file with one of its fields mended, as libsndfile reads it.
struct Mended {
  std::ifstream file;
  SizeField field;

  static Mended& of(void* user) { return *static_cast<Mended*>(user); }

  static sf_count_t length(void* user) {
    std::ifstream& file = of(user).file;
    const auto at = file.tellg();
    file.seekg(0, std::ios::end);
    const auto length = file.tellg();
    file.seekg(at);
    return length;
  }
  static sf_count_t seek(sf_count_t offset, int whence, void* user) {
    of(user).file.clear();
    of(user).file.seekg(offset, whence == SEEK_SET   ? std::ios::beg
                                : whence == SEEK_CUR ? std::ios::cur
                                                     : std::ios::end);
    return tell(user);
  }
  static sf_count_t tell(void* user) { return of(user).file.tellg(); }
  static sf_count_t read(void* bytes, sf_count_t count, void* user) {
    Mended& mended = of(user);
    const auto at = static_cast<std::uint64_t>(mended.file.tellg());
    mended.file.read(static_cast<char*>(bytes), count);
    const auto taken = static_cast<std::uint64_t>(mended.file.gcount());
    mended.file.clear();
    for (std::size_t i = 0; i < mended.field.bytes.size(); ++i)
      if (mended.field.offset + i - at < taken)  // wraps around before `at`
        static_cast<char*>(bytes)[mended.field.offset + i - at] = mended.field.bytes[i];
    return static_cast<sf_count_t>(taken);
  }
};

File open(Mended& mended, SF_INFO& info) {
  mended.file.clear();
  mended.file.seekg(0);
  SF_VIRTUAL_IO calls{Mended::length, Mended::seek, Mended::read, nullptr, Mended::tell};
  return File(sound_library().open_virtual(&calls, SFM_READ, &info, &mended));
}

}  // namespace

Sound read_wav(const std::string& path) {
  SF_INFO info{};
  Mended mended{std::ifstream(path, std::ios::binary), {}};
  if (mended.file) mended.field = check_extent(mended.file, path);
  const File file = mended.field.bytes.empty() ? File(sound_library().open(path.c_str(), SFM_READ, &info))
                                               : open(mended, info);
  if (!file) refuse(path, "cannot be read as sound: " + reason(nullptr));
  const auto channels = static_cast<std::size_t>(info.channels);
  Sound sound{static_cast<double>(info.samplerate), {}};
  std::vector<double> frames(kFramesPerRead * channels);
  while (const auto count = sound_library().readf_double(file.get(), frames.data(), kFramesPerRead))
    append_mix(path, frames, static_cast<std::size_t>(count), channels, sound.samples);
  if (sound_library().error(file.get()) != SF_ERR_NO_ERROR)
    refuse(path, "cannot be read as sound: " + reason(file.get()));
  if (sound.samples.empty()) refuse(path, "has no samples");
  return sound;
}

}  // namespace chronotope::proto
