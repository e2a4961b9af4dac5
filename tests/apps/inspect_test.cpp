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
  for (const char* line : {"stream format 2, written by chronotope ", ", seed 3\n",
                           "  population E: 2 neurons\n", "  input kick: 1 channel\n", "kick->E: 1 synapse\n",
                           "snapshot at 20 ms: 1 synapse, weights 100 to 100, mean 100\n",
                           "snapshot at 40 ms: ", "run of 40 ms: 2 spikes, 2 synaptic events in ",
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
  EXPECT_NE(text.out.find("1 spike of " + shown + ", "), std::string::npos) << text.out;
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
  EXPECT_NE(out.find("1 spike of A, the last at 6 ms\n"), std::string::npos) << out;
  EXPECT_NE(out.find("1 spike of B, the last at 26 ms\n"), std::string::npos) << out;
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

TEST_F(Inspect, TellsProjectionsByTheirEndsAndCountsInGroups) {
  save("g.textproto",
       R"(population { name: "E" size: 40 delta_lif { } } population { name: "I" size: 40 delta_lif { } }
    projection { source: "E" target: "I" all_to_all { } weight: 1 }
    projection { source: "E" target: "E" all_to_all { } weight: 1 allow_autapses: false }
    projection { source: "E" target: "I" one_to_one { } weight: 1 pair_stdp { w_max: 2 } })");
  ASSERT_EQ(run("simulate g.textproto --until 0.1234567890125 --out g.pb --quiet").code, 0);
  const std::string out = run("inspect g.pb").out;
  EXPECT_NE(out.find("\nE->I: 1,600 synapses\nE->E: 1,560 synapses\nE->I#2: 40 synapses\n"),
            std::string::npos)
      << out;
  EXPECT_NE(out.find("snapshot at 0.123457 ms: 3,200 synapses"), std::string::npos) << out;
  EXPECT_NE(out.find("    E->I#2: "), std::string::npos) << out;  // of the state
  EXPECT_NE(run("inspect g.pb --json").out.find("\"ticks\":\"123456789012\""), std::string::npos);
}

/// A stream is cut, joined again, and then is what it was.
class InspectCuts : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    save("n.textproto",
         R"(seed: 3 population { name: "E" size: 20 exp_psc_lif { I_e { uniform { low: 380 high: 500 } } } }
      input { name: "noise" size: 20 poisson { rate: 50 } }
      projection { source: "noise" target: "E" one_to_one { } weight: 60 }
      projection { source: "E" target: "E" fixed_indegree { indegree: 4 } weight: 30 pair_stdp { w_max: 60 } })");
    ASSERT_EQ(
        run("simulate n.textproto --until 400 --snapshot-every 100 --out r.pb --spikes r.csv --quiet").code,
        0);
  }
  /// Spikes of a stream as rows of --spikes, from its JSON.
  std::string spikes(const std::string& stream) const {
    return shell(
               "'" CHRONOTOPE_PROGRAM "' inspect --json " + stream +
               " | python3 -c \"import json, sys\n"
               "for line in sys.stdin:\n"
               "  b = json.loads(line).get('spikes')\n"
               "  for n, t in zip(b['neuron'], b['ticks']) if b else []:\n"
               "    t = int(t) + 1024 * 10**12 * b['epoch']\n"
               "    print(f'{t // 10**12}.{t % 10**12:012d}'.rstrip('0') + ('0' if t % 10**12 == 0 else '') + f',E,{n}')\"")
        .out;
  }
  std::string rows_between(const std::string& low, const std::string& high) const {
    return shell("awk -F, 'NR > 1 && $1 >= " + low + " && $1 < " + high + "' r.csv").out;
  }
};

TEST_F(InspectCuts, KeepWhatHappensInATime) {
  ASSERT_EQ(run("inspect r.pb --from 100 --until 250 --out c.pb").code, 0);
  const std::string rows = rows_between("100", "250");
  ASSERT_GT(std::count(rows.begin(), rows.end(), '\n'), 50);
  EXPECT_EQ(spikes("c.pb"), rows);
  const std::string out = run("inspect c.pb").out;
  EXPECT_NE(out.find("snapshot at 100 ms"), std::string::npos) << out;
  EXPECT_NE(out.find("snapshot at 200 ms"), std::string::npos) << out;
  EXPECT_EQ(out.find("snapshot at 300 ms"), std::string::npos) << out;
  EXPECT_EQ(out.find("run of"), std::string::npos) << out;
  ASSERT_EQ(run("inspect r.pb --only spikes --until 0 --out none.pb").code, 0);
  EXPECT_EQ(spikes("none.pb"), "");
  ASSERT_EQ(run("inspect r.pb --only snapshots --out w.pb").code, 0);
  EXPECT_EQ(spikes("w.pb"), "");
  EXPECT_EQ(run("inspect w.pb").out.find("state:"), std::string::npos);
}

TEST_F(InspectCuts, JoinToTheWhole) {
  ASSERT_EQ(run("inspect r.pb --until 150 --out a.pb").code, 0);
  ASSERT_EQ(run("inspect r.pb --from 150 --until 150 --out nothing.pb").code, 0);
  ASSERT_EQ(run("inspect r.pb --from 150 --out b.pb.zst").code, 0);
  ASSERT_EQ(run("inspect a.pb nothing.pb b.pb.zst --out ab.pb").code, 0);
  EXPECT_EQ(spikes("ab.pb"), rows_between("0", "400"));
  EXPECT_EQ(run("inspect --diff ab.pb r.pb").code, 0) << run("inspect --diff ab.pb r.pb").out;
  EXPECT_EQ(run("simulate --resume ab.pb --until 500 --quiet").code, 0);
  expect_refused("inspect b.pb.zst a.pb --out ba.pb", "a.pb: does not follow b.pb.zst: time of a spike: ");
  save("o.textproto", "population { name: 'E' size: 3 delta_lif { } }");
  ASSERT_EQ(run("simulate o.textproto --until 1 --out o.pb --quiet").code, 0);
  expect_refused("inspect r.pb o.pb --out x.pb", "o.pb: population 0 is E of 3, in r.pb E of 20");
  ASSERT_EQ(run("simulate n.textproto --seed 4 --until 450 --out other.pb --quiet").code, 0);
  ASSERT_EQ(run("inspect other.pb --from 400 --out late.pb").code, 0);
  expect_refused("inspect r.pb late.pb --out x.pb", "late.pb: its synapses are not those of r.pb");
  EXPECT_EQ(run("inspect r.pb late.pb --only spikes").code, 0);
}

/// The first difference is where the rows of --spikes differ first; weights as NumPy would have them.
TEST_F(InspectCuts, TellWhereStreamsDiffer) {
  EXPECT_EQ(run("inspect --diff r.pb r.pb").out.find("E: the same "),
            std::string("A is r.pb, B is r.pb\n").size());
  ASSERT_EQ(run("simulate n.textproto --until 400 --snapshot-every 100 --out s.pb --spikes s.csv --quiet "
                "--set 'projection.E->E.pair_stdp.A_plus=0.02'")
                .code,
            0);
  const Outcome text = run("inspect --diff r.pb s.pb");
  EXPECT_EQ(text.code, 1);
  EXPECT_EQ(text.err, "");
  const std::string a = shell("diff --unchanged-line-format= --new-line-format= r.csv s.csv | head -1").out;
  ASSERT_FALSE(a.empty());
  const std::string time = a.substr(0, a.find(','));
  EXPECT_NE(text.out.find("another specification\n"), std::string::npos) << text.out;
  EXPECT_NE(text.out.find("first difference: "), std::string::npos) << text.out;
  EXPECT_NE(text.out.find(" at " + time + " ms"), std::string::npos) << time << text.out;
  const Outcome check = shell(
      "'" CHRONOTOPE_PROGRAM
      "' inspect --diff r.pb s.pb --json >d.json; for s in r s; do '" CHRONOTOPE_PROGRAM
      "' inspect --json $s.pb >$s.json; done; python3 - <<'END'\n"
      "import json, math, statistics\n"
      "def weights(path):\n"
      "  found, at = {}, None\n"
      "  for line in open(path):\n"
      "    frame = json.loads(line)\n"
      "    if 'snapshot' in frame: at = frame['snapshot']['time']['ticks']\n"
      "    if 'weights' in frame: found[at, frame['weights']['projection']] = frame['weights']['weight']\n"
      "  return found\n"
      "a, b = weights('r.json'), weights('s.json')\n"
      "rows = [r for r in json.load(open('d.json'))['weights'] if r['projection'] == 'E->E']\n"
      "assert len(rows) == 4\n"
      "for row in rows:\n"
      "  x, y = a[row['snapshot']['ticks'], 1], b[row['snapshot']['ticks'], 1]\n"
      "  apart = [abs(p - q) for p, q in zip(x, y)]\n"
      "  assert row['differing'] == sum(d > 0 for d in apart) and row['largest'] == max(apart)\n"
      "  assert math.isclose(row['rms'], math.sqrt(statistics.fmean([d * d for d in apart])), rel_tol=1e-12)\n"
      "  assert math.isclose(row['mean_b'], statistics.fmean(y), rel_tol=1e-12)\n"
      "  assert math.isclose(row['sd_a'], statistics.pstdev(x), rel_tol=1e-9, abs_tol=1e-12)\n"
      "END\n");
  EXPECT_EQ(check.code, 0) << check.err;
  expect_refused("inspect --diff r.pb", "--diff: needs two streams, not 1");
  expect_refused("inspect --diff r.pb s.pb --from 3", "--diff: excludes --from");
}

/// V of a neuron that begins 10 mV higher comes down as 10 mV e^(-t/20 ms).
TEST_F(InspectCuts, TellWhichSynapsesPotentialsAndRecordingsDiffer) {
  const std::string network =
      "population { name: 'D' size: 2 delta_lif { V_m: [-70, -70] } } projection { source: 'D' target: 'D' synapses { "
      "source: 0 target: 1 weight: 1 delay: 2 } synapses { source: 1 target: 0 weight: 1 delay: 3 } synapses { source: "
      "1 target: 1 weight: 1 delay: 4 } } recorder { population: 'D' record: V_m every: 10 }";
  std::string other = network;
  other.replace(other.find("-70, -70"), 8, "-70, -60");
  other.replace(other.find("delay: 3"), 8, "delay: 1");
  save("d.textproto", network);
  save("e.textproto", other);
  for (const char* name : {"d", "e"})
    ASSERT_EQ(
        run(std::string("simulate ") + name + ".textproto --until 25 --out " + name + ".pb --quiet").code, 0);
  const Outcome same = run("inspect --diff d.pb d.pb");
  EXPECT_EQ(same.code, 0) << same.out;
  EXPECT_NE(same.out.find("D->D: the same 3 synapses\n"), std::string::npos) << same.out;
  EXPECT_NE(same.out.find("potentials of D: the same 2 values\nrecorder 0: V_m of D: the same 6 values\n"),
            std::string::npos)
      << same.out;
  const Outcome text = run("inspect --diff d.pb e.pb");
  EXPECT_EQ(text.code, 1);
  EXPECT_NE(
      text.out.find("D->D: 3 synapses in A, 3 in B; 1 of those in both are others, the first is number 1\n"),
      std::string::npos)
      << text.out;
  EXPECT_NE(
      text.out.find("potentials of D: 1 of 2 values differ from 25 ms on, by at most 2.87 (rms 2.03)\n"),
      std::string::npos)  // 10 e^(-25/20), and that over the root of 2
      << text.out;
  EXPECT_NE(
      text.out.find("recorder 0: V_m of D: 3 of 6 values differ from 0 ms on, by at most 10 (rms 5.01)\n"),
      std::string::npos)  // the root of 100 (1 + 1/e + 1/e^2)/6
      << text.out;
  // Of recorders at other times, what both saw is compared, whichever of them saw more.
  ASSERT_EQ(run("simulate e.textproto --set 'recorder[0].every=5' --until 25 --out f.pb --quiet").code, 0);
  for (const char* pair : {"d.pb f.pb", "f.pb d.pb"})
    EXPECT_NE(run(std::string("inspect --diff ") + pair).out.find("V_m of D: 3 of 6 values differ"),
              std::string::npos)
        << pair << "\n"
        << run(std::string("inspect --diff ") + pair).out;
}

TEST_F(InspectCuts, ListFramesWithoutALookIntoThem) {
  const Outcome list = run("inspect r.pb --list");
  EXPECT_EQ(list.code, 0) << list.err;
  EXPECT_NE(list.out.find("snapshot            4 frames"), std::string::npos) << list.out;
  EXPECT_NE(list.out.find("from 100 to 400 ms"), std::string::npos) << list.out;
  EXPECT_NE(list.out.find("from 0 to 1024 ms"), std::string::npos) << list.out;  // an epoch of spikes
  const std::string bytes = std::to_string(read_file(path("r.pb")).size());
  EXPECT_NE(
      list.out.find(bytes.substr(0, bytes.size() - 3) + "," + bytes.substr(bytes.size() - 3) + " bytes\n"),
      std::string::npos)
      << list.out;
  shell("head -c 3000 r.pb >cut.pb");
  const Outcome cut = run("inspect cut.pb --list");
  EXPECT_EQ(cut.code, 2);
  EXPECT_NE(cut.err.find("the stream was cut"), std::string::npos) << cut.err;
  EXPECT_NE(cut.out.find("\nall "), std::string::npos) << cut.out;
}

TEST_F(InspectCuts, ReadAndWriteCompressedStreams) {
  ASSERT_EQ(
      run("simulate n.textproto --until 400 --snapshot-every 100 --out z.pb.zst --spikes z.csv.zst --quiet")
          .code,
      0);
  EXPECT_LT(read_file(path("z.pb.zst")).size(), read_file(path("r.pb")).size() / 2);
  EXPECT_EQ(shell("zstd -dc z.csv.zst | cmp - r.csv").code, 0);
  EXPECT_EQ(run("inspect --diff z.pb.zst r.pb").code, 0);
  shell(
      "zstd -q r.pb -o by_program.pb.zst; cat by_program.pb.zst >twice.pb.zst; cat by_program.pb.zst >>twice.pb.zst");
  EXPECT_EQ(run("inspect by_program.pb.zst").out, run("inspect r.pb").out);
  expect_refused("inspect twice.pb.zst --out t.pb", "bytes follow the closing frame");
  shell(
      "cp by_program.pb.zst named.pb; head -c 5000 by_program.pb.zst >cut.pb.zst; cp r.pb plain.pb.zst; : >empty.pb.zst");
  expect_refused("inspect named.pb",
                 "a zstd file, which is read when its name ends in .zst, not a chronotope stream");
  EXPECT_NE(run("inspect cut.pb.zst").err.find("cut.pb.zst: the compressed file was cut\n"),
            std::string::npos);
  expect_refused("inspect plain.pb.zst", "plain.pb.zst: no zstd file, or a damaged one: ");
  expect_refused("inspect empty.pb.zst", "empty.pb.zst: empty");
  expect_refused("inspect r.pb --out r.pb", "the same file is STREAM");
  std::string bytes = read_file(path("by_program.pb.zst"));
  bytes[bytes.size() / 2] ^= 0x10;
  save("damaged.pb.zst", bytes);
  EXPECT_EQ(run("inspect damaged.pb.zst").code, 2);
  EXPECT_EQ(run("statistics z.csv.zst").out, run("statistics r.csv").out);
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
