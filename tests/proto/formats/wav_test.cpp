// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/formats/wav.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "chronotope/core/error.hpp"

namespace chronotope::proto {
namespace {

using namespace std::string_literals;

std::string little_endian(std::uint32_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> 8 * i & 0xff);
  return text;
}

/// A canonical RIFF file put together by hand.
std::string wav(std::uint32_t format, std::uint32_t channels, std::uint32_t rate, std::uint32_t bits,
                const std::string& data) {
  const std::uint32_t frame = channels * bits / 8;
  const auto size = static_cast<std::uint32_t>(data.size());
  return "RIFF" + little_endian(36 + size, 4) + "WAVEfmt " + little_endian(16, 4) + little_endian(format, 2) +
         little_endian(channels, 2) + little_endian(rate, 4) + little_endian(rate * frame, 4) +
         little_endian(frame, 2) + little_endian(bits, 2) + "data" + little_endian(size, 4) + data;
}

class Wav : public testing::Test {
 protected:
  std::string save(const std::string& bytes) const {
    std::ofstream(path_, std::ios::binary) << bytes;
    return path_;
  }
  std::string complaint(const std::string& bytes) const {
    try {
      read_wav(save(bytes));
    } catch (const InputError& error) {
      return error.what();
    }
    return "no error";
  }
  void TearDown() override { std::filesystem::remove(path_); }

  const std::string path_ = testing::TempDir() + "chronotope_" +
                            testing::UnitTest::GetInstance()->current_test_info()->name() + ".wav";
};

TEST_F(Wav, MixesChannelsByTheirMean) {
  const std::string frames =
      little_endian(16384, 2) + little_endian(0, 2) + little_endian(0x8000, 2) + "\0\x80"s;
  const Sound sound = read_wav(save(wav(1, 2, 8000, 16, frames)));
  EXPECT_EQ(sound.sample_rate, 8000);
  EXPECT_EQ(sound.samples, (std::vector<double>{0.25, -1}));
}

TEST_F(Wav, ReadsARealRecordingSampleBySample) {
  const std::string path = std::string(CHRONOTOPE_EXAMPLES) + "/digits/recordings/3_theo_2.wav";
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  const Sound sound = read_wav(path);
  ASSERT_EQ(sound.samples.size(), (bytes.size() - 44) / 2);  // canonical header, 16 bits
  for (std::size_t i = 0; i < sound.samples.size(); ++i) {
    const auto low = static_cast<unsigned char>(bytes[44 + 2 * i]);
    const auto high = static_cast<signed char>(bytes[45 + 2 * i]);
    ASSERT_EQ(sound.samples[i], (high * 256 + low) / 32768.0) << i;
  }
}

TEST_F(Wav, NamesTheFileAndTheReason) {
  EXPECT_EQ(complaint("this is no sound").find(path_ + ": cannot be read as sound: "), 0U);
  EXPECT_EQ(complaint("").find(path_ + ": cannot be read as sound: "), 0U);
  EXPECT_THROW(read_wav("/nowhere/at/all.wav"), InputError);
}

TEST_F(Wav, RefusesACutFile) {
  const std::string whole = wav(1, 1, 8000, 16, std::string(1000, 'x'));
  EXPECT_EQ(complaint(whole), "no error");
  EXPECT_EQ(complaint(whole.substr(0, 544)), path_ + ": is cut: it announces 1044 bytes and holds 544");
}

TEST_F(Wav, ReadsToTheEndWhereAPipeLeftNoSizes) {
  const std::string whole = wav(1, 1, 8000, 16, std::string(1000, 'x'));
  const auto samples = read_wav(save(whole)).samples;
  ASSERT_EQ(samples.size(), 500U);
  struct Sizes {
    std::uint32_t riff, data;
  };
  for (const Sizes sizes :
       {Sizes{0x7ffff024, 0x7ffff000},  // SoX
        Sizes{0xffffffff, 0xffffffff},  // ffmpeg
        Sizes{0x7fff0024, 0x7fff0000},  // GStreamer
        Sizes{0x80000024, 0x80000000},  // arecord
        Sizes{0x7fffffff, 0x7fffffff}, Sizes{0x7fffffff, 0x7fffffff - 36}, Sizes{0xffffffff, 0xffffffff - 36},
        Sizes{0, 0}, Sizes{36, 0}, Sizes{0xffffffff, 0}, Sizes{0, 1000}, Sizes{0x7ffff024, 1000},
        Sizes{1036, 0xffffffff}}) {
    std::string bytes = whole;
    bytes.replace(4, 4, little_endian(sizes.riff, 4));
    bytes.replace(40, 4, little_endian(sizes.data, 4));
    EXPECT_EQ(read_wav(save(bytes)).samples, samples) << sizes.riff << " " << sizes.data;
  }
}

TEST_F(Wav, ReadsToTheEndBehindOtherChunks) {
  std::string bytes = wav(1, 1, 8000, 16, std::string(1000, 'x'));
  bytes.insert(36, "LIST" + little_endian(5, 4) + "INFO\1\0"s);  // padded to an even length
  bytes.replace(4, 4, little_endian(0, 4));
  bytes.replace(54, 4, little_endian(0, 4));
  EXPECT_EQ(read_wav(save(bytes)).samples.size(), 500U);
}

TEST_F(Wav, RefusesADataChunkThatGoesOnBehindTheFile) {
  std::string bytes = wav(1, 1, 8000, 16, std::string(1000, 'x'));
  for (const std::uint32_t size : {1001U, 2000U, 0x7000000U, 0xf0000000U}) {
    bytes.replace(40, 4, little_endian(size, 4));
    EXPECT_EQ(complaint(bytes),
              path_ + ": is cut: its data chunk announces " + std::to_string(size) + " bytes and holds 1000");
  }
}

TEST_F(Wav, KnowsBigEndianFiles) {
  std::string bytes = wav(1, 1, 8000, 16, "\1\2\3\4");
  const auto swap = [&](std::size_t at, std::size_t count) {
    std::reverse(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                 bytes.begin() + static_cast<std::ptrdiff_t>(at + count));
  };
  bytes.replace(0, 4, "RIFX");
  for (const std::size_t at : {4, 16, 24, 28, 40}) swap(at, 4);
  for (const std::size_t at : {20, 22, 32, 34}) swap(at, 2);
  EXPECT_EQ(read_wav(save(bytes)).samples, (std::vector<double>{0x102 / 32768.0, 0x304 / 32768.0}));
  bytes.replace(43, 1, "\5");
  EXPECT_EQ(complaint(bytes), path_ + ": is cut: its data chunk announces 5 bytes and holds 4");
  bytes.replace(40, 4, "\0\0\0\0"s);
  bytes.replace(4, 4, "\0\0\0\0"s);
  EXPECT_EQ(read_wav(save(bytes)).samples, (std::vector<double>{0x102 / 32768.0, 0x304 / 32768.0}));
}

TEST_F(Wav, RefusesWhatHoldsNoSound) {
  EXPECT_EQ(complaint(wav(1, 1, 8000, 16, "")), path_ + ": has no samples");
  EXPECT_EQ(complaint(wav(3, 1, 8000, 32, "\0\0\0\0\0\0\xc0\x7f"s)), path_ + ": sample 1 is not finite");
}

}  // namespace
}  // namespace chronotope::proto
