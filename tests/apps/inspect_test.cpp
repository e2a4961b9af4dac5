// SPDX-License-Identifier: Apache-2.0
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "chronotope/core/decimal.hpp"
#include "chronotope/proto/frame_stream.hpp"
#include "chronotope/proto/spike_codec.hpp"
#include "chronotope/tests/apps/program.hpp"

namespace chronotope {
namespace {

/// A run of 40 ms with a snapshot at 20 ms; its neuron fires at 6.5 and 26.5 ms.
class Inspect : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    save("n.textproto", R"(seed: 3 population { name: "E" size: 2 delta_lif { } }
      input { name: "kick" size: 1 spike_times { neuron: 0 times: [5, 25] } }
      projection { source: "kick" target: "E" synapses { source: 0 target: 1 weight: 100 delay: 1.5 } })");
    ASSERT_EQ(run("simulate n.textproto --until 40 --snapshot-every 20 --out r.pb --quiet").code, 0);
  }
};

TEST_F(Inspect, SaysWhatAStreamHolds) {
  const Outcome outcome = run("inspect r.pb");
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(outcome.err, "");
  for (const char* line :
       {"stream format 2, written by chronotope ", ", seed 3\n", "  population E: 2 neurons\n",
        "  input kick: 1 channels\n", "projection 0: 1 synapses\n",
        "snapshot at 20.0 ms: 1 synapses, weights 100 to 100, mean 100\n",
        "snapshot at 40.0 ms: ", "run of 40 ms: 2 spikes, 2 synaptic events in ",
        "2 spikes of E, the last at 26.5 ms\n", " frames, complete\n"})
    EXPECT_NE(outcome.out.find(line), std::string::npos) << line << "\n" << outcome.out;
}

TEST_F(Inspect, PrintsNothingThatATerminalObeys) {
  const std::string name = "<script>alert(1)</script>\"'&\x1b[31mRED\x1b]0;pwned\a\n\xC2\x9b";
  Header header;
  header.set_producer(name);
  auto& population = *header.add_population();
  population.set_name(name);
  population.set_size(20);
  proto::FrameWriter frames(path("x.pb"), header);
  proto::SpikeWriter spikes(frames, 1);
  spikes.write(0, stated_time(5), 1);
  spikes.flush();
  Envelope activations;
  activations.mutable_activations()->set_layer(name);
  activations.mutable_activations()->set_code(name);
  frames.write(activations);
  frames.close();
  const std::string shown = "<script>alert(1)</script>\"'&?[31mRED?]0;pwned???";
  const Outcome text = run("inspect x.pb");
  EXPECT_EQ(text.code, 0) << text.err;
  EXPECT_NE(text.out.find("written by " + shown + ", "), std::string::npos) << text.out;
  EXPECT_NE(text.out.find("population " + shown + ": 20 neurons\n"), std::string::npos) << text.out;
  EXPECT_NE(text.out.find("1 spikes of " + shown + ", "), std::string::npos) << text.out;
  EXPECT_NE(text.out.find("activations " + shown + " (" + shown + "): "), std::string::npos) << text.out;
  for (const std::string& out : {text.out, run("inspect x.pb --json").out})
    EXPECT_TRUE(
        std::all_of(out.begin(), out.end(), [](char c) { return c == '\n' || (c >= ' ' && c < 127); }));
}

TEST_F(Inspect, ComplainsInPrintableText) {
  save("l.textproto",
       R"(population { name: "E" size: 9 delta_lif { } } input { name: "kick" size: 1 csv { path: "k.csv" } }
    projection { source: "kick" target: "E" all_to_all { } weight { constant: 100 } }
    projection { source: "E" target: "E" all_to_all { } weight { constant: 1 } })");
  save("k.csv", "time_ms,channel\n5,0\n");
  ASSERT_EQ(run("simulate l.textproto --until 40 --out r.pb --quiet").code, 0);
  shell("cp r.pb $(printf 'K\\366\\233r\\033.pb'); head -c 100 r.pb > $(printf 'c\\366\\233\\033t.pb')");
  expect_refused("inspect c*t.pb", "c???t.pb: ");
  EXPECT_EQ(run("layers r.pb --layering quantile").code, 0);
  const std::string layers = run("layers K*r*.pb --layering quantile").out;
  EXPECT_EQ(layers.find("K??r?.pb at 40 ms"), 0U) << layers;
  EXPECT_NE(run("layers K*r*.pb --layering quantile --json").out.find("\"stream\":\"K??r?.pb\""),
            std::string::npos);
}

TEST_F(Inspect, RefusesAStreamWithNamesThatAreNotUtf8InOneLine) {
  std::string bytes = read_file(path("r.pb"));
  const auto name = bytes.find("kick");
  ASSERT_NE(name, std::string::npos);
  bytes[name] = '\xF6';
  save("latin1.pb", bytes);
  expect_refused("inspect latin1.pb", "latin1.pb: ");
  save("n.pb", "\x1a\x06\x0a\x02K\xF6\x10\x01");
  expect_refused("simulate n.pb --until 1", "n.pb: not a binary chronotope.NetworkSpec with text in UTF-8");
}

TEST_F(Inspect, TellsTheLastSpikeOfEachPopulation) {
  save("two.textproto",
       R"(population { name: "A" size: 1 delta_lif { } } population { name: "B" size: 1 delta_lif { } }
    input { name: "kick" size: 2 spike_times { neuron: 0 times: [5] } spike_times { neuron: 1 times: [25] } }
    projection { source: "kick" target: "A" synapses { source: 0 target: 0 weight: 100 delay: 1 } }
    projection { source: "kick" target: "B" synapses { source: 1 target: 0 weight: 100 delay: 1 } })");
  const std::string out =
      run("simulate two.textproto --until 40 --out - --quiet | '" CHRONOTOPE_PROGRAM "' inspect -").out;
  EXPECT_NE(out.find("1 spikes of A, the last at 6.0 ms\n"), std::string::npos) << out;
  EXPECT_NE(out.find("1 spikes of B, the last at 26.0 ms\n"), std::string::npos) << out;
}

TEST_F(Inspect, ReadsAPipeLikeAFile) { EXPECT_EQ(run("inspect - < r.pb").out, run("inspect r.pb").out); }

TEST_F(Inspect, PrintsEveryFrameAsOneJsonObject) {
  const Outcome outcome = run("inspect r.pb --json");
  EXPECT_EQ(outcome.code, 0);
  proto::FrameReader frames(path("r.pb"));
  std::istringstream out(outcome.out);
  std::string line;
  std::getline(out, line);
  Envelope shown;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(line, &shown).ok());
  EXPECT_EQ(shown.header().SerializeAsString(), frames.header().SerializeAsString());
  while (const auto envelope = frames.next()) {
    ASSERT_TRUE(std::getline(out, line));
    ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(line, &shown).ok()) << line;
    EXPECT_EQ(shown.content_case(), envelope->content_case());
  }
  EXPECT_FALSE(std::getline(out, line));
}

TEST_F(Inspect, RefusesWhatIsNoStreamSayingWhatItIs) {
  save("empty.pb", "");
  save("table.csv", "time_ms,channel\n1,0\n");
  save("sound.wav", "RIFF....WAVE");
  expect_refused("inspect", "missing STREAM");
  expect_refused("inspect nowhere.pb", "nowhere.pb: cannot read: No such file or directory");
  expect_refused("inspect .", "is a directory");
  expect_refused("inspect empty.pb", "empty.pb: empty, not a chronotope stream");
  expect_refused("inspect table.csv", "a CSV file, not a chronotope stream");
  expect_refused("inspect sound.wav", "a WAV file, not a chronotope stream");
  expect_refused("inspect - < /dev/null", "standard input: empty, not a chronotope stream");
}

TEST_F(Inspect, TellsACutFromACleanEnd) {
  const std::string whole = read_file(path("r.pb"));
  for (const std::size_t length : {whole.size() - 1, whole.size() / 2, whole.size() - 20, std::size_t{40}}) {
    save("cut.pb", whole.substr(0, length));
    const Outcome outcome = run("inspect cut.pb");
    EXPECT_EQ(outcome.code, 2);
    EXPECT_EQ(outcome.err.rfind("chronotope inspect: cut.pb: the stream was cut", 0), 0U) << outcome.err;
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1);
  }
}

TEST_F(Inspect, MeetsADamagedFrame) {
  std::string bytes = read_file(path("r.pb"));
  bytes[bytes.size() / 2] ^= 1;
  save("damaged.pb", bytes);
  const Outcome outcome = run("inspect damaged.pb --json");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.err.rfind("chronotope inspect: damaged.pb: ", 0), 0U);
  EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1);
}

TEST_F(Inspect, AFullDiskIsAFailureAndAClosedPipeIsNone) {
  for (const std::string words : {"inspect r.pb", "inspect r.pb --json"}) {
    expect_one_line(run(words + " >/dev/full"), 1, words, "No space left on device");
    EXPECT_EQ(run(words + " | head -1").err, "");
  }
}

TEST_F(Inspect, TheProgramHasAnOverviewAndRefusesUnknownVerbs) {
  EXPECT_EQ(run("--help").code, 0);
  EXPECT_EQ(run("--version").out.rfind("chronotope ", 0), 0U);
  EXPECT_EQ(run("").code, 2);
  EXPECT_EQ(run("dream").err, "chronotope: no verb named \"dream\"; see chronotope --help\n");
  EXPECT_EQ(run("--help >/dev/full").code, 1);
  EXPECT_EQ(run("--version >/dev/full").code, 1);
}

}  // namespace
}  // namespace chronotope
