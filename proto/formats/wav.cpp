// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/wav.hpp"

#include <sndfile.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string_view>

#include "chronotope/core/error.hpp"

namespace chronotope::proto {
namespace {

constexpr std::size_t kFramesPerRead = 4096;

struct Close {
  void operator()(SNDFILE* file) const { sf_close(file); }
};
using File = std::unique_ptr<SNDFILE, Close>;

[[noreturn]] void refuse(const std::string& path, const std::string& what) {
  throw InputError(path + ": " + what);
}

/// libsndfile's reason as part of a one-line message.
std::string reason(SNDFILE* file) {
  std::string text = sf_strerror(file);
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

/// libsndfile reads a cut RIFF file to where it ends; its own size field tells. Programs that write to a pipe
/// leave a size near 2 or 4 GiB there, which tells nothing.
void require_whole(const std::string& path) {
  constexpr std::uint64_t kUnknownSize = 0x7fffff00;
  constexpr std::uint64_t kBeforeSize = 8;
  constexpr std::uint64_t kPadding = 1;
  std::array<char, kBeforeSize> first{};
  std::ifstream(path, std::ios::binary).read(first.data(), first.size());
  if (std::string_view(first.data(), 4) != "RIFF") return;
  std::uint64_t announced = 0;
  for (std::size_t i = 8; i-- > 4;) announced = announced << 8 | static_cast<unsigned char>(first[i]);
  const std::uint64_t size = std::filesystem::file_size(path);
  if (announced < kUnknownSize && announced + kBeforeSize > size + kPadding)
    refuse(path, "is cut: it announces " + std::to_string(announced + kBeforeSize) + " bytes and holds " +
                     std::to_string(size));
}

}  // namespace

Sound read_wav(const std::string& path) {
  SF_INFO info{};
  const File file(sf_open(path.c_str(), SFM_READ, &info));
  if (!file) refuse(path, "cannot be read as sound: " + reason(nullptr));
  require_whole(path);
  const auto channels = static_cast<std::size_t>(info.channels);
  Sound sound{static_cast<double>(info.samplerate), {}};
  std::vector<double> frames(kFramesPerRead * channels);
  while (const auto count = sf_readf_double(file.get(), frames.data(), kFramesPerRead))
    append_mix(path, frames, static_cast<std::size_t>(count), channels, sound.samples);
  if (sf_error(file.get()) != SF_ERR_NO_ERROR) refuse(path, "cannot be read as sound: " + reason(file.get()));
  if (sound.samples.empty()) refuse(path, "has no samples");
  return sound;
}

}  // namespace chronotope::proto
