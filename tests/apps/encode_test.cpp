// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "chronotope/core/decimal.hpp"
#include "chronotope/events/stimuli/cochlea.hpp"
#include "chronotope/proto/formats/npy.hpp"
#include "chronotope/proto/formats/wav.hpp"
#include "chronotope/proto/spike_codec.hpp"
#include "chronotope/tests/apps/program.hpp"

namespace chronotope {
namespace {

const std::string kDigits = CHRONOTOPE_EXAMPLES "/digits/recordings";
const std::string kEvents = CHRONOTOPE_TEST_DATA "/nmnist";

class Encode : public ProgramTest {
 protected:
  proto::SpikeRecording encode(const std::string& words) const {
    const Outcome outcome = run("encode " + words + " --out s.pb");
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    return proto::read_spike_recording(path("s.pb"));
  }
};

std::vector<double> times(const proto::SpikeRecording& recording) {
  std::vector<double> ms;
  for (const auto& spike : recording.spikes) ms.push_back(spike.time.to_ms());
  return ms;
}

TEST_F(Encode, MarksEveryDigitWithItsLabelAndPlace) {
  const auto stream = encode(kDigits + " --limit 30 --gap 50 --phase train");
  ASSERT_EQ(stream.stimuli.size(), 30U);
  EXPECT_EQ(stream.population, "cochlea");
  EXPECT_EQ(stream.channels, 64U);
  for (std::uint32_t i = 0; i < 30; ++i) {
    const auto& mark = stream.stimuli[i];
    EXPECT_EQ(mark.id, i);
    EXPECT_EQ(mark.label, i < 24 ? "0" : "1");  // 4 takes of 6 speakers
    EXPECT_EQ(mark.phase, TRAIN);
  }
  for (std::size_t i = 1; i < 30; ++i) {
    const auto& before = stream.stimuli[i - 1];
    EXPECT_EQ(stream.stimuli[i].onset, before.onset + before.duration + stated_duration(50));
  }
  EXPECT_EQ(stream.stimuli[0].name, "0_george_0.wav");
  EXPECT_EQ(stream.stimuli[29].name, "1_jackson_1.wav");
}

TEST_F(Encode, WritesTheCochleasSpikesAtTheOnset) {
  const auto stream = encode(kDigits + "/0_george_0.wav " + kDigits + "/7_theo_1.wav");
  const auto sound = proto::read_wav(kDigits + "/7_theo_1.wav");
  const auto expected = events::Cochlea({}, 8000).listen(sound.samples);
  const auto& mark = stream.stimuli.at(1);
  EXPECT_EQ(mark.duration, static_cast<std::int64_t>(sound.samples.size()) * stated_duration(0.125));
  std::vector<proto::PopulationSpike> second;
  for (const auto& spike : stream.spikes)
    if (spike.time >= mark.onset) second.push_back(spike);
  ASSERT_EQ(second.size(), expected.size());
  for (std::size_t i = 0; i < second.size(); ++i) {
    EXPECT_EQ(second[i].time - mark.onset, expected[i].time - Time());
    EXPECT_EQ(second[i].neuron, expected[i].channel);
  }
}

TEST_F(Encode, ShufflingKeepsTheIdsAndFollowsTheSeed) {
  const auto ids = [&](const std::string& seed) {
    std::vector<std::uint32_t> ids;
    for (const auto& mark : encode(kEvents + " --order shuffled --seed " + seed).stimuli)
      ids.push_back(mark.id);
    return ids;
  };
  const auto named = encode(kEvents).stimuli;
  const auto shuffled = encode(kEvents + " --order shuffled --seed 3").stimuli;
  for (const auto& mark : shuffled) EXPECT_EQ(mark.name, named[mark.id].name);
  const auto order = ids("3");
  EXPECT_EQ(std::set<std::uint32_t>(order.begin(), order.end()).size(), 10U);
  EXPECT_EQ(ids("3"), order);
  EXPECT_NE(ids("4"), order);
}

TEST_F(Encode, KeepsEveryEventOfACamera) {
  const auto stream = encode(kEvents + "/1.bs2");
  const std::string bytes = read_file(kEvents + "/1.bs2");
  const auto byte = [&](std::size_t i) {
    return static_cast<unsigned>(static_cast<unsigned char>(bytes[i]));
  };
  EXPECT_EQ(stream.channels, 2312U);
  ASSERT_EQ(stream.spikes.size(), bytes.size() / 5);
  const unsigned first_us = (byte(2) & 0x7f) << 16 | byte(3) << 8 | byte(4);
  EXPECT_EQ(stream.spikes[0].time, stated_time(first_us / 1000.0));
  EXPECT_EQ(stream.stimuli[0].label, "nmnist");
  ASSERT_EQ(shell("zstd -q '" + kEvents + "/1.bs2' -o 1.bs2.zst").code, 0);
  EXPECT_EQ(encode("1.bs2.zst").spikes, stream.spikes);
}

TEST_F(Encode, KnowsEventCamerasDataSetsByTheirOwnNames) {
  shell("mkdir -p Train/3; cp " + kEvents + "/1.bs2 Train/3/00001.bin");
  const auto stream = encode("Train");
  EXPECT_EQ(stream.spikes, encode(kEvents + "/1.bs2").spikes);
  EXPECT_EQ(stream.stimuli.at(0).label, "3");
  EXPECT_EQ(stream.stimuli.at(0).name, "00001.bin");
}

TEST_F(Encode, TakesTheSensorOfAnEventCamera) {
  save("a.bin", std::string("\xc8\x64\x80\x03\xe8", 5));  // N-Caltech101: pixel (200, 100), ON, 1 ms
  const auto stream = encode("a.bin --sensor 240x180");
  EXPECT_EQ(stream.channels, 2U * 240 * 180);
  EXPECT_EQ(stream.spikes.at(0).neuron, (180U + 100) * 240 + 200);
  expect_refused("encode a.bin --out s2.pb", "pixel (200, 100) is outside the sensor of 34 x 34 (--sensor");
  for (const char* sensor :
       {"240", "240x", "x180", "0x180", "16385x180", "240x180x2", "240X180", "-1x180", "240 x180"})
    expect_refused(std::string("encode a.bin --out s2.pb --sensor '") + sensor + "'",
                   std::string("--sensor: '") + sensor + "' is not allowed (must be WIDTHxHEIGHT");
  expect_refused("encode a.bin --out s2.pb --sensor 257x180", "at most 256 x 256");
  save("t.csv", "time_ms,channel\n3,1\n");
  expect_refused("encode t.csv --out s2.pb --sensor 240x180",
                 "t.csv: --sensor goes with recordings of an event camera");
}

TEST_F(Encode, LastsAsLongAsItIsTold) {
  save("t.csv", "time_ms,channel,stimulus\n3,1,9\n1.25,0,9\n0,4,2\n");
  const auto stream = encode("t.csv --duration 300 --gap 10");
  EXPECT_EQ(stream.stimuli.at(0).duration, stated_duration(300));
  EXPECT_EQ(stream.stimuli.at(1).onset, stated_time(310));
  EXPECT_EQ(encode("t.csv --duration 3.5").stimuli.at(1).duration, stated_duration(3.5));
  expect_refused("encode t.csv --out s2.pb --duration 3", "t.csv: an event at 3");
  expect_refused("encode t.csv --out s2.pb --duration 3", "is not before the end, --duration 3.0 ms");
  expect_refused("encode t.csv --out s2.pb --duration 0", "--duration: 0 is not allowed");
  expect_refused("encode t.csv --out s2.pb --duration nan", "--duration: nan is not allowed");
  expect_refused("encode " + kDigits + "/7_theo_1.wav --out s2.pb --duration 300",
                 "--duration goes with events");
}

TEST_F(Encode, TakesTheLabelsOfATable) {
  save("t.csv",
       "time_ms,channel,stimulus,label\n3,1,9,\"left, up\"\n1.25,0,9,\"left, up\"\n0,4,2,K\xC3\xB6nig\n");
  const auto stream = encode("t.csv");
  EXPECT_EQ(stream.stimuli.at(0).label, "K\xC3\xB6nig");
  EXPECT_EQ(stream.stimuli.at(1).label, "left, up");
  save("one.csv", "time_ms,channel,label\n3,1,right\n1.25,0,right\n");
  EXPECT_EQ(encode("one.csv").stimuli.at(0).label, "right");
  save("two.csv", "time_ms,channel,stimulus,label\n3,1,9,left\n1,0,9,right\n");
  expect_refused("encode two.csv --out s2.pb", "two.csv: stimulus 9 has two labels, 'left' and 'right'");
  save("both.csv", "time_ms,channel,label\n3,1,left\n1,0,right\n");
  expect_refused("encode both.csv --out s2.pb", "both.csv: the recording has two labels, 'left' and 'right'");
}

TEST_F(Encode, RefusesNamesThatNoStreamCanHold) {
  save("K\xF6nig.csv", "time_ms,channel\n3,1\n");
  expect_refused("encode K*nig.csv --out s.pb", "K?nig.csv: the file's name is not UTF-8");
  expect_refused("encode . --out s.pb", "K?nig.csv: the file's name is not UTF-8");
  shell("mkdir $(printf 'l\\366ft'); mv K*nig.csv t.csv; mv t.csv l*ft");
  expect_refused("encode l*ft --out s.pb", "t.csv: the name of its folder, the label, is not UTF-8");
  save("t.csv", "time_ms,channel,label\n3,1,K\xF6nig\n");
  expect_refused("encode t.csv --out s.pb", "t.csv:2: column 3: 'K?nig' is not UTF-8");
}

TEST_F(Encode, ReadsRecordsAndArchives) {
  save("t.csv", "time_ms,channel\n5.25,0\n12.5,3\n3,1\n");
  shell("cp " CHRONOTOPE_TEST_DATA "/numpy/records.npy r.npy; cp " CHRONOTOPE_TEST_DATA
        "/numpy/two.npz z.npz");
  EXPECT_EQ(encode("z.npz:events").spikes, encode("t.csv").spikes);
  EXPECT_EQ(encode("r.npy").spikes, encode("t.csv").spikes);
  expect_refused("encode z.npz --out s2.pb", "z.npz: holds 2 arrays");
  expect_refused("encode z.npz:events --out z.npz", "--out: 'z.npz' is not allowed (the same file is INPUT)");
}

TEST_F(Encode, MakesOneRecordingOfEachStimulusOfATable) {
  save("t.csv", "time_ms,channel,stimulus\n3,1,9\n1.25,0,9\n0,4,2\n");
  const auto stream = encode("t.csv --gap 10");
  ASSERT_EQ(stream.stimuli.size(), 2U);
  EXPECT_EQ(stream.stimuli[0].name, "t.csv#2");
  EXPECT_EQ(stream.stimuli[1].name, "t.csv#9");
  EXPECT_EQ(stream.stimuli[1].onset, stated_time(11));  // 1 ms for the first, 10 ms of silence
  EXPECT_EQ(times(stream), (std::vector<double>{0, 12.25, 14}));
  EXPECT_EQ(stream.channels, 5U);
}

TEST_F(Encode, ReadsTheSameTableFromCsvNpyAndAPipe) {
  save("t.csv", "time_ms,channel\n3,1\n1.25,0\n");
  save("t.npy", proto::to_npy({2, 2, {3, 1, 1.25, 0}}));
  const auto csv = encode("t.csv");
  EXPECT_EQ(csv.spikes, encode("t.npy").spikes);
  EXPECT_EQ(csv.spikes, encode("- < t.csv").spikes);
  EXPECT_EQ(csv.spikes, encode("- < t.npy").spikes);
}

/// 16384.3 has no float32, nor has 0.1: the times are the decimals that were meant.
TEST_F(Encode, ReadsTimesOfSinglePrecisionAsTheirShortestDecimals) {
  const std::string dict = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }\n";
  std::string bytes = "\x93NUMPY\x01" + std::string(1, '\0') + static_cast<char>(dict.size()) + '\0' + dict;
  for (const float number : {0.1F, 0.0F, 16384.3F, 1.0F})
    bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
  save("t.npy", bytes);
  const auto spikes = encode("t.npy").spikes;
  ASSERT_EQ(spikes.size(), 2U);
  EXPECT_EQ(spikes[0].time, read_decimal("0.1")->time());
  EXPECT_EQ(spikes[1].time, read_decimal("16384.3")->time());
}

TEST_F(Encode, LoadsTheSoundLibraryOnlyToReadSound) {
  save("libsndfile.so.1", "no library");
  save("t.csv", "time_ms,channel\n0.5,0\n");
  const std::string with_broken = "LD_LIBRARY_PATH=. " + kProgram;
  EXPECT_EQ(shell(with_broken + " --version").code, 0);
  EXPECT_EQ(shell(with_broken + " encode t.csv --out s.pb").code, 0);
  const Outcome sound =
      shell(with_broken + " encode '" CHRONOTOPE_EXAMPLES "/digits/recordings/0_theo_0.wav' --out w.pb");
  EXPECT_EQ(sound.code, 1);
  EXPECT_EQ(sound.err.rfind("chronotope encode: sound can not be read: ", 0), 0U) << sound.err;
  EXPECT_NE(sound.err.find("(Debian's package libsndfile1)"), std::string::npos) << sound.err;
}

TEST_F(Encode, CountsTheTimesThatItRounds) {
  save("t.csv", "time_ms,channel,stimulus\n0.1234567890123,0,1\n0.5,0,1\n1.00000000000049,0,2\n2,0,3\n");
  const Outcome r = run("encode t.csv --out s.pb");
  EXPECT_EQ(
      r.err.rfind("2 of the stated times have more than 12 decimals: rounded to the nearest 1e-12 ms\n", 0),
      0U)
      << r.err;
  EXPECT_NE(
      run("encode t.csv --out s.pb --gap 1.0000000000001 --json --quiet").out.find("\"rounded_times\": 3}"),
      std::string::npos);
  EXPECT_EQ(run("encode t.csv --out s.pb --limit 1").err.rfind("1 of the stated times has more", 0), 0U);
  EXPECT_EQ(run("encode t.csv --out s.pb --quiet").err, "");
}

TEST_F(Encode, MakesOneRecordingOfEachExampleOfATsFile) {
  save("s.ts", "@dimensions 2\n@classLabel true up down\n@data\n1,0.5:0,0:up\n-0.25:0.5:down\n");
  const auto stream = encode("s.ts --delta 0.25 --step 10 --gap 5");
  EXPECT_EQ(stream.population, "series");
  EXPECT_EQ(stream.channels, 4U);  // OFF and ON of two dimensions
  ASSERT_EQ(stream.stimuli.size(), 2U);
  EXPECT_EQ(stream.stimuli[0].name, "s.ts#0");
  EXPECT_EQ(stream.stimuli[0].label, "up");
  EXPECT_EQ(stream.stimuli[0].duration, stated_duration(30));
  EXPECT_EQ(stream.stimuli[1].label, "down");
  EXPECT_EQ(stream.stimuli[1].onset, stated_time(35));
  const std::vector<proto::PopulationSpike> expected = {
      {stated_time(2.5), 2}, {stated_time(5), 2},  {stated_time(7.5), 2},
      {stated_time(10), 2},  {stated_time(15), 0}, {stated_time(20), 0},
      {stated_time(40), 3},  {stated_time(45), 0}, {stated_time(45), 3}};
  EXPECT_EQ(stream.spikes, expected);
}

TEST_F(Encode, AsksWhatANumberOfASeriesMeans) {
  save("s.ts", "@data\n1,0.5\n");
  save("u.ts", "@data\n1,0.5:2,3\n");
  save("t.csv", "time_ms,channel\n1,0\n");
  expect_refused("encode s.ts --out s.pb", "s.ts: series need --delta (how much a number changes");
  expect_refused("encode s.ts --delta 1 --out s.pb", "and --step (the milliseconds between two numbers)");
  for (const char* delta : {"0", "-1", "nan", "inf"})
    expect_refused(std::string("encode s.ts --step 1 --out s.pb --delta ") + delta, "--delta");
  expect_refused("encode s.ts --step 0 --delta 1 --out s.pb", "--step: 0 is not allowed");
  expect_refused("encode s.ts --step 1 --delta 1 --duration 9 --out s.pb",
                 "a series lasts as long as its numbers");
  expect_refused("encode t.csv --delta 1 --out s.pb", "t.csv: --delta and --step go with series (.ts)");
  expect_refused("encode s.ts u.ts --step 1 --delta 1 --out s.pb", "u.ts: has 2 dimensions, s.ts has 1");
  expect_refused("encode s.ts --step 1 --delta 1e-7 --out s.pb",
                 "s.ts: s.ts#0: 1 is more than 1000000 levels of");
  expect_refused("encode s.ts --step 1e12 --delta 1 --out s.pb", "a stream lasts at most 1e12 ms");
  expect_refused("encode s.ts --step 1 --delta 1 --channels 1 --out s.pb", "the recordings have 2 channels");
}

TEST_F(Encode, KeepsEveryDigitOfALateTime) {
  const Time late = Time::from_parts(30796875, 17'000'000'000'001);
  save("t.csv", "time_ms,channel\n" + to_text(late) + ",0\n");
  EXPECT_EQ(encode("t.csv").spikes.at(0).time, late);
}

TEST_F(Encode, WritesTheSameBytesToAPipeAndATableOfTheSpikes) {
  const std::string digit = kDigits + "/3_lucas_2.wav";
  const auto stream = encode(digit + " --spikes s.csv");
  EXPECT_EQ(run("encode " + digit + " --quiet --out - | cat").out, read_file(path("s.pb")));
  const std::string table = read_file(path("s.csv"));
  EXPECT_EQ(table.find("time_ms,channel,stimulus_id\n" + to_text(stream.spikes[0].time) + ","), 0U);
  EXPECT_EQ(std::count(table.begin(), table.end(), '\n'), static_cast<long>(stream.spikes.size() + 1));
}

TEST_F(Encode, LeavesNothingBehindWhenARecordingIsBroken) {
  save("a.bs2", std::string("\0\0\0\0\1", 5));
  save("b.bs2", std::string("\0\0\0\0\0\1", 6));
  const Outcome outcome = run("encode a.bs2 b.bs2 --out s.pb --spikes s.csv");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.err, "chronotope encode: b.bs2: byte 5: the last event is cut (1 of 5 bytes)\n");
  EXPECT_EQ(files(), 2U);
}

TEST_F(Encode, SaysThatItWasInterrupted) {
  const Outcome outcome = run("encode " + kDigits + " --out s.pb --spikes s.csv & until ls s.csv.part* " +
                              ">/dev/null 2>&1; do sleep 0.01; done; kill -TERM $!; wait $!");
  expect_one_line(outcome, 130, "encode", "of 240 recordings were read, no output is complete");
  EXPECT_EQ(files(), 0U);
}

TEST_F(Encode, RefusesBadInputInOneLine) {
  save("a.wav", "this is no sound");
  save("a.txt", "hello");
  save("a.csv", "time_ms,channel\n1,0\n2,x\n");
  for (const std::string words :
       {"a.wav", "a.txt", "a.csv", "nowhere.wav", ".", "a.csv --channels 0", "a.csv --gap nan",
        "a.csv --gap -1", "a.csv --order random", "a.csv --phase rest", "a.csv --limit 0",
        "a.csv --f-low inf", "a.csv --what"}) {
    const Outcome outcome = run("encode " + words + " --out s.pb");
    EXPECT_EQ(outcome.code, 2) << words;
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << words << "\n" << outcome.err;
    EXPECT_EQ(files(), 3U) << words;
  }
  EXPECT_EQ(
      run("encode a.csv --out s.pb").err,
      "chronotope encode: a.csv:3: column 2: 'x' is not an index (a whole number from 0 to 4294967295)\n");
}

TEST_F(Encode, OneFileHasOneTask) {
  save("a.csv", "time_ms,channel\n1,0\n");
  expect_refused("encode a.csv --out o --spikes ./o",
                 "--spikes: './o' is not allowed (the same file is --out)");
  expect_refused("encode a.csv --out ./a.csv", "--out: './a.csv' is not allowed (the same file is INPUT)");
  expect_refused("encode a.csv --out ''", "--out: '' is not allowed (must not be empty)");
  EXPECT_EQ(read_file(path("a.csv")), "time_ms,channel\n1,0\n");
  EXPECT_EQ(run("encode a.csv --out /dev/null --spikes /dev/null").code, 0);
}

TEST_F(Encode, NamesAFolderThatCanNotBeRead) {
  if (run_without_root("--version").code != 0)
    GTEST_SKIP() << "this needs a user who may not read everything";
  save("a.csv", "time_ms,channel\n1,0\n");
  shell("mkdir -p locked/deep top; mv a.csv locked/deep; chmod 755 . locked; chmod 000 locked/deep");
  const std::string refused = ": cannot read: Permission denied";
  for (const auto& [input, named] :
       {std::pair("locked", "locked/deep"), std::pair("locked/deep", "locked/deep"),
        std::pair("locked/deep/a.csv", "locked/deep/a.csv")})
    expect_one_line(run_without_root(std::string("encode ") + input + " --out s.pb"), 2, input,
                    named + refused);
  shell("chmod 755 locked/deep");
}

TEST_F(Encode, RefusesRecordingsWhoseChannelsMeanDifferentThings) {
  const Outcome outcome = run("encode " + kDigits + "/1_theo_0.wav " + kEvents + "/1.bs2 --out s.pb");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_NE(outcome.err.find("is of another kind than"), std::string::npos);
}

TEST_F(Encode, PrintsItsSummaryAsJson) {
  save("t.csv", "time_ms,channel\n3,1\n1.25,0\n");
  EXPECT_EQ(run("encode t.csv --out s.pb --json --seed 5").out,
            "{\"recordings\": 1, \"spikes\": 2, \"channels\": 2, \"end_ms\": 4.0, \"seed\": 5, "
            "\"rounded_times\": 0}\n");
}

/// What two threads of a recorder of NEST's wrote, and one of another.
TEST_F(Encode, FilesOfOneRecorderOfNestAreOneRecording) {
  const std::string header = "# NEST version: 3.6.0\n# RecordingBackendASCII version: 2\nsender\ttime_ms\n";
  save("spikes-1203-0.dat", header + "12\t20.125\n11\t1.500\n");
  save("spikes-1203-1.dat", header + "11\t3.000\n");
  save("spikes-1204-0.dat", header + "14\t2.000\n");
  const Outcome outcome = run("encode spikes-*.dat --first-sender 11 --gap 0 --out s.pb");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_NE(outcome.err.find("1 times have three decimals"), std::string::npos) << outcome.err;
  const auto stream = proto::read_spike_recording(path("s.pb"));
  ASSERT_EQ(stream.stimuli.size(), 2U);
  EXPECT_EQ(stream.stimuli[0].name, "spikes-1203");
  EXPECT_EQ(stream.stimuli[1].name, "spikes-1204");
  EXPECT_EQ(times(stream), (std::vector<double>{1.5, 3, 20.125, 23}));
  EXPECT_EQ(stream.spikes[0].neuron, 0U);
  EXPECT_EQ(stream.spikes[3].neuron, 3U);
  EXPECT_EQ(stream.channels, 4U);
  expect_refused("encode spikes-1203-0.dat --first-sender 12 --out t.pb", "sender: 11 is not allowed");
  expect_refused("encode spikes-*.dat --out spikes-1203-1.dat", "spikes-1203-1.dat");  // it is read
  save("steps.dat", "sender\ttime_step\ttime_offset\n1\t15\t0.5\n");
  expect_refused("encode steps.dat --out t.pb", "--resolution says how long one is");
  EXPECT_EQ(times(encode("steps.dat --resolution 0.1")), (std::vector<double>{1}));
  save("old.gdf", "3 7.5 \n");
  EXPECT_EQ(encode("old.gdf").spikes[0].neuron, 2U);
  ASSERT_EQ(shell("zstd -q old.gdf steps.dat").code, 0);
  EXPECT_EQ(encode("old.gdf.zst").spikes, encode("old.gdf").spikes);
  EXPECT_EQ(times(encode("steps.dat.zst --resolution 0.1")), (std::vector<double>{1}));
}

std::string little_endian(std::uint32_t number) {
  std::string bytes;
  for (int k = 0; k < 4; ++k) bytes += static_cast<char>(number >> 8 * k & 0xff);
  return bytes;
}

TEST_F(Encode, CamerasStateTheirPixels) {
  const std::string event = little_endian(2500) + little_endian(1U << 28 | 2 << 14 | 3);  // ON at (3, 2)
  save("p.dat", "% Width 5\n% Height 4\n" + std::string("\x00\x08", 2) + event);
  save("headless.dat", "\x01" + event.substr(1) + event);
  save("q.dat", "% Width 6\n% Height 4\n" + std::string("\x00\x08", 2) + event);
  save("a.aedat", "#!AER-DAT2.0\r\n" + std::string("\x00\x00\x01\xfc\x00\x00\x00\x07", 8));  // ON at (1, 1)
  const auto stream = encode("p.dat");
  EXPECT_EQ(stream.channels, 40U);
  ASSERT_EQ(stream.spikes.size(), 1U);
  EXPECT_EQ(stream.spikes[0].neuron, 20U + 2 * 5 + 3);
  EXPECT_EQ(times(stream), (std::vector<double>{2.5}));
  EXPECT_EQ(encode("a.aedat").channels, 2U * 128 * 128);
  EXPECT_EQ(encode("a.aedat").spikes[0].neuron, 128U * 128 + 128 + 1);
  EXPECT_EQ(encode("headless.dat --sensor 304x240").spikes.size(), 2U);
  expect_refused("encode headless.dat --out t.pb", "does not tell its camera's pixels");
  expect_refused("encode p.dat q.dat --out t.pb",
                 "q.dat: is of 6 x 4 pixels, the recordings before of 5 x 4");
  expect_refused("encode p.dat --sensor 3x3 --out t.pb", "pixel (3, 2) is outside the sensor of 3 x 3");
  EXPECT_EQ(encode("p.dat q.dat --sensor 6x4").channels, 48U);
}

TEST_F(Encode, ReadsSamplesOfSpokenDigits) {
  const std::string file = CHRONOTOPE_TEST_DATA "/hdf5/spoken.h5";
  const auto stream = encode(file + " --duration 1001 --gap 0");
  EXPECT_EQ(stream.population, "spoken");
  EXPECT_EQ(stream.channels, 700U);
  ASSERT_EQ(stream.stimuli.size(), 3U);
  EXPECT_EQ(stream.stimuli[0].label, "eins");
  EXPECT_EQ(stream.stimuli[0].name, "spoken.h5#0");
  EXPECT_EQ(stream.stimuli[1].label, "zero");
  EXPECT_EQ(times(stream), (std::vector<double>{62.5, 250, 500, 2002.9765625, 3002}));
  EXPECT_EQ(stream.spikes[2].neuron, 699U);
}

TEST_F(Encode, ReadsOnePopulationOfSonata) {
  const std::string file = CHRONOTOPE_TEST_DATA "/hdf5/sonata_enum.h5";
  const auto stream = encode(file + " --population E");
  EXPECT_EQ(times(stream), (std::vector<double>{0.1, 1.5, 20.125}));
  EXPECT_EQ(stream.channels, 4U);
  expect_refused("encode " + file + " --out t.pb",
                 "holds several populations; --population chooses one (E, I)");
  expect_refused("encode " + file + " --population X --out t.pb", "has no population 'X' (E, I)");
  EXPECT_EQ(encode(CHRONOTOPE_TEST_DATA "/sonata/300_intfire_output_spikes.h5").spikes.size(), 4322U);
}

}  // namespace
}  // namespace chronotope
