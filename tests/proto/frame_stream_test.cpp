// SPDX-License-Identifier: Apache-2.0
#include "chronotope/proto/frame_stream.hpp"

#include <gtest/gtest.h>

#include <boost/crc.hpp>
#include <cstdlib>
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

/// One byte for the body's field, four for its length, five for the checksum: a frame is ten bytes more.
Envelope mark_in_a_frame_of(std::size_t frame) {
  Envelope envelope = encode(Stimulus{4, stated_time(1), stated_duration(30), "", "", PROBE});
  envelope.mutable_stimulus()->set_label(std::string(frame - 100, 'x'));
  envelope.mutable_stimulus()->mutable_label()->append(frame - 10 - envelope.ByteSizeLong(), 'x');
  EXPECT_EQ(envelope.ByteSizeLong(), frame - 10);
  return envelope;
}

TEST_F(FrameStream, TheLongestFrameHasSixtyFourMebibytes) {
  FrameWriter frames(path("longest.pb"), Header());
  frames.write(mark_in_a_frame_of(kMaxFrameBytes));
  EXPECT_THROW(frames.write(mark_in_a_frame_of(kMaxFrameBytes + 1)), Failure);
  frames.close();
  FrameReader reader(path("longest.pb"));
  EXPECT_EQ(reader.next()->ByteSizeLong(), kMaxFrameBytes - 10);
  EXPECT_FALSE(reader.next());
  const std::string a_byte_more("\x81\x80\x80\x20", 4);
  EXPECT_NE(refusal(write_bytes(a_byte_more + "chronotope")).find("more than 64 MiB"), std::string::npos);
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

/// A stream of three frames of spikes, the second of which is handed on as a whole.
class CompressedStream : public FrameStream {
 protected:
  static void write_spikes(FrameWriter& frames, int part) {
    SpikeWriter spikes(frames, 1);
    for (int k = 0; k < 20000; ++k)
      spikes.write(0, stated_time(20000 * part + k), static_cast<std::uint32_t>(k % 10));
    spikes.flush();
  }
  static Header header() {
    Header header;
    PopulationInfo& info = *header.add_population();
    info.set_name("E");
    info.set_size(10);
    return header;
  }
  std::string write(const std::string& name) const {
    FrameWriter frames(path(name), header());
    write_spikes(frames, 0);
    write_spikes(frames, 1);
    frames.sync();
    write_spikes(frames, 2);
    frames.close();
    return path(name);
  }
  /// By zstd's own program.
  bool has_content(const std::string& file, const std::string& plain) const {
    return std::system(("zstd -dc '" + file + "' | cmp -s - '" + plain + "'").c_str()) == 0;
  }
};

TEST_F(CompressedStream, HoldsTheBytesOfAPlainOne) {
  const std::string plain = write("plain.pb");
  EXPECT_TRUE(has_content(write("small.pb.zst"), plain));
  EXPECT_LT(std::filesystem::file_size(path("small.pb.zst")), std::filesystem::file_size(plain) / 5);
  FrameReader a(plain), b(path("small.pb.zst"));
  while (const auto envelope = a.next())
    EXPECT_EQ(b.next()->SerializeAsString(), envelope->SerializeAsString());
  EXPECT_FALSE(b.next());
  EXPECT_EQ(a.place().bytes, b.place().bytes);
}

TEST_F(CompressedStream, GoesOnBehindWhatIsOnTheDisk) {
  const std::string plain = write("plain.pb");
  Output::Place place;
  std::uint64_t written = 0;
  {
    FrameWriter frames(path("half.pb.zst"), header());
    write_spikes(frames, 0);
    write_spikes(frames, 1);
    frames.sync();
    place = frames.place();
    written = frames.frames();
    write_spikes(frames, 2);  // of a run that is killed
    frames.flush();
  }
  std::filesystem::path left;
  for (const auto& file : std::filesystem::directory_iterator(folder_))
    if (file.path().string().find(".part") != std::string::npos) left = file.path();
  EXPECT_EQ(refusal(left.string()), left.string() + ": the compressed file was cut");
  EXPECT_THROW(FrameWriter(path("half.pb.zst"), left, {place.bytes - 1}, written), InputError);
  FrameWriter frames(path("half.pb.zst"), left, place, written);
  write_spikes(frames, 2);
  frames.close();
  EXPECT_TRUE(has_content(path("half.pb.zst"), plain));
}

TEST_F(CompressedStream, IsRefusedWhereItIsDamaged) {
  const std::string bytes = bytes_of(write("whole.pb.zst"));
  for (std::size_t k = 0; k < 200; ++k) {
    std::string cut = bytes.substr(0, bytes.size() * k / 200);
    std::ofstream(path("cut.pb.zst"), std::ios::binary) << cut;
    EXPECT_NE(refusal(path("cut.pb.zst")), "") << k;
    std::string damaged = bytes;
    damaged[bytes.size() * k / 200] ^= 0x04;
    std::ofstream(path("damaged.pb.zst"), std::ios::binary) << damaged;
    EXPECT_NE(refusal(path("damaged.pb.zst")), "") << k;
  }
  std::ofstream(path("plain.pb"), std::ios::binary) << bytes;
  EXPECT_EQ(
      refusal(path("plain.pb")),
      path("plain.pb") + ": a zstd file, which is read when its name ends in .zst, not a chronotope stream");
}

TEST_F(CompressedStream, AGlanceTellsWhatAFrameHolds) {
  const std::string file = write("plain.pb");
  FrameReader whole(file), glances(file);
  for (;;) {
    const auto envelope = whole.next();
    const auto frame = glances.glance();
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->content, envelope ? envelope->content_case() : Envelope::kEnd);
    EXPECT_EQ(glances.place().bytes, whole.place().bytes);
    if (!envelope) break;
  }
  EXPECT_FALSE(glances.glance());
  EXPECT_EQ(glances.place().bytes, std::filesystem::file_size(file));
}

}  // namespace
}  // namespace chronotope::proto
