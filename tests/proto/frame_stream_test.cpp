// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/frame_stream.hpp"

#include <gtest/gtest.h>

#include <boost/crc.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "chronotope/core/decimal.hpp"
#include "chronotope/core/error.hpp"
#include "chronotope/proto/spike_codec.hpp"

namespace chronotope::proto {
namespace {

class FrameStream : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  /// A stream of three spikes of one population of size 10.
  std::string write_example() const {
    Header header;
    PopulationInfo& info = *header.add_population();
    info.set_name("E");
    info.set_size(10);
    FrameWriter frames(path("example.pb"), header);
    SpikeWriter spikes(frames, 1);
    spikes.write(0, stated_time(1.25), 3);
    spikes.write(0, stated_time(1023), 9);
    spikes.write(0, stated_time(2048.5), 0);
    spikes.flush();
    frames.write(encode(Stimulus{4, stated_time(1), stated_duration(30), "seven", "7_theo_0.wav", PROBE}));
    frames.close();
    return path("example.pb");
  }

  std::string bytes_of(const std::string& name) const {
    std::ifstream file(name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  std::string write_bytes(const std::string& bytes) const {
    std::ofstream(path("bytes.pb"), std::ios::binary) << bytes;
    return path("bytes.pb");
  }

  static std::string refusal(const std::string& name) {
    try {
      FrameReader frames(name);
      while (frames.next()) {
      }
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  }

  std::filesystem::path folder_ =
      std::filesystem::path(testing::TempDir()) /
      (std::string("frame_stream_") + testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST_F(FrameStream, ReadsBackSpikesAndStimuliToTheBit) {
  const SpikeRecording recording = read_spike_recording(write_example());
  EXPECT_EQ(recording.population, "E");
  EXPECT_EQ(recording.channels, 10u);
  const std::vector<PopulationSpike> expected{
      {stated_time(1.25), 3}, {stated_time(1023), 9}, {stated_time(2048.5), 0}};
  EXPECT_EQ(recording.spikes, expected);
  ASSERT_EQ(recording.stimuli.size(), 1u);
  EXPECT_EQ(recording.stimuli[0].label, "seven");
  EXPECT_EQ(recording.stimuli[0].phase, PROBE);
}

/// A stream whose header holds so many bytes of one name.
Header long_header(std::size_t bytes) {
  Header header;
  header.set_seed(7);
  header.mutable_spec()->add_population()->set_name(std::string(bytes, 'x'));
  header.add_population()->set_name("E");
  return header;
}

TEST_F(FrameStream, AHeaderMayBeLongerThanAFrame) {
  for (const std::size_t bytes : {std::size_t{3} << 20, kMaxFrameBytes + 1}) {
    FrameWriter frames(path("long.pb"), long_header(bytes));
    frames.close();
    FrameReader reader(path("long.pb"));
    EXPECT_EQ(reader.header().spec().population(0).name().size(), bytes);
    EXPECT_EQ(reader.header().seed(), 7u);
    EXPECT_EQ(reader.header().population(0).name(), "E");
    EXPECT_FALSE(reader.next());
    InputFile file(path("long.pb"));
    EXPECT_TRUE(looks_like_stream(file));
    EXPECT_EQ(FrameReader(std::make_unique<InputFile>(path("long.pb"))).header().seed(), 7u);
  }
}

TEST_F(FrameStream, ALongHeaderThatIsCutOrLiesIsRefused) {
  FrameWriter(path("long.pb"), long_header(std::size_t{3} << 20)).close();
  const std::string whole = bytes_of(path("long.pb"));
  EXPECT_NE(refusal(write_bytes(whole.substr(0, whole.size() / 2))).find("cut inside"), std::string::npos);
  Header lies;
  lies.set_rest_bytes(std::uint64_t{1} << 40);
  FrameWriter(path("lies.pb"), lies).close();
  EXPECT_NE(refusal(path("lies.pb")).find("rest_bytes: 1099511627776 is not allowed"), std::string::npos);
  lies.set_rest_bytes(5);
  FrameWriter(path("lies.pb"), lies).close();
  EXPECT_NE(refusal(path("lies.pb")).find("a frame of another kind inside the header (frame 1"),
            std::string::npos);
}

TEST_F(FrameStream, EveryCutIsToldApartFromTheEnd) {
  const std::string whole = bytes_of(write_example());
  EXPECT_EQ(refusal(write_bytes(whole)), "");
  for (std::size_t length = 1; length < whole.size(); ++length) {
    const std::string what = refusal(write_bytes(whole.substr(0, length)));
    EXPECT_NE(what, "") << "cut to " << length << " bytes";
    EXPECT_TRUE(what.starts_with(path("bytes.pb"))) << what;
  }
}

/// Where the frames of a stream begin, and its end: every frame follows its length as a varint.
std::vector<std::size_t> frame_places(const std::string& stream) {
  std::vector<std::size_t> places{0};
  while (places.back() < stream.size()) {
    std::size_t at = places.back(), length = 0;
    for (unsigned shift = 0;; shift += 7) {
      const auto byte = static_cast<unsigned char>(stream[at++]);
      length |= static_cast<std::size_t>(byte & 0x7F) << shift;
      if (byte < 0x80) break;
    }
    places.push_back(at + length);
  }
  return places;
}

TEST_F(FrameStream, AFrameThatIsMissingOrDoubledIsNoticed) {
  const std::string whole = bytes_of(write_example());
  const std::vector<std::size_t> places = frame_places(whole);
  ASSERT_GE(places.size(), 6U);  // header, spikes of both epochs, a mark, the end
  for (std::size_t k = 1; k + 2 < places.size(); ++k) {
    const std::string frame = whole.substr(places[k], places[k + 1] - places[k]);
    const std::string before = whole.substr(0, places[k]), after = whole.substr(places[k + 1]);
    EXPECT_NE(refusal(write_bytes(before + after)).find("frames are missing before the end"),
              std::string::npos)
        << k;
    EXPECT_NE(refusal(write_bytes(before + frame + frame + after)), "") << k;
  }
}

TEST_F(FrameStream, ACutHeaderAndBytesAfterTheEndAreNamed) {
  const std::string whole = bytes_of(write_example());
  EXPECT_NE(
      refusal(write_bytes(whole.substr(0, 25))).find("the stream was cut inside a frame (frame 0, byte 0)"),
      std::string::npos);
  EXPECT_NE(refusal(write_bytes(whole + whole)).find("bytes follow the closing frame"), std::string::npos);
}

TEST_F(FrameStream, EveryFlippedByteIsNoticed) {
  const std::string whole = bytes_of(write_example());
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string damaged = whole;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
    EXPECT_NE(refusal(write_bytes(damaged)), "") << "byte " << i;
  }
}

TEST_F(FrameStream, OtherVersionsAreRefused) {
  Envelope envelope;
  envelope.mutable_header()->set_magic("chronotope");
  envelope.mutable_header()->set_version(99);
  Frame frame;
  envelope.SerializeToString(frame.mutable_body());
  boost::crc_32_type crc;
  crc.process_bytes(frame.body().data(), frame.body().size());
  frame.set_crc32(crc.checksum());
  const std::string bytes = frame.SerializeAsString();
  ASSERT_LT(bytes.size(), 128u);
  EXPECT_NE(refusal(write_bytes(static_cast<char>(bytes.size()) + bytes)).find("version 99 is not supported"),
            std::string::npos);
}

TEST_F(FrameStream, ForeignFilesAreNamed) {
  EXPECT_NE(refusal(write_bytes("\x1f\x8b\x08 and so on")).find("a gzip file"), std::string::npos);
  EXPECT_NE(refusal(write_bytes("RIFF....WAVE")).find("a WAV file"), std::string::npos);
  EXPECT_NE(refusal(write_bytes("time_ms,population,neuron\n1,E,0\n")).find("a CSV file"), std::string::npos);
  EXPECT_NE(refusal(write_bytes("")).find("empty"), std::string::npos);
  EXPECT_NE(refusal(path("missing.pb")).find("No such file"), std::string::npos);
}

TEST_F(FrameStream, FileAppearsOnlyWhenComplete) {
  {
    FrameWriter frames(path("late.pb"), Header());
    EXPECT_FALSE(std::filesystem::exists(path("late.pb")));
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder_));  // nor is a temporary left behind
  FrameWriter frames(path("late.pb"), Header());
  frames.close();
  EXPECT_TRUE(std::filesystem::exists(path("late.pb")));
}

TEST_F(FrameStream, FullDiskIsAFailure) {
  FrameWriter frames("/dev/full", Header());
  EXPECT_THROW(frames.close(), Failure);
}

TEST_F(FrameStream, SpikesOfUnknownNeuronsAreRefused) {
  SpikeBlock block;
  block.add_ticks(1);
  block.add_neuron(10);
  std::vector<PopulationSpike> spikes;
  EXPECT_THROW(decode(block, 10, spikes), InputError);
  block.set_neuron(0, 9);
  EXPECT_NO_THROW(decode(block, 10, spikes));
  for (const std::int64_t ticks : {std::int64_t{-1}, std::int64_t{1'024'000'000'000'001}}) {
    block.set_ticks(0, ticks);
    EXPECT_THROW(decode(block, 10, spikes), InputError);
  }
}

}  // namespace
}  // namespace chronotope::proto
